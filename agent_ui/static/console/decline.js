// Declining an offer: the reasons its organisation lets me give, and a note for who is next.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { has, named, t } from "../common/i18n.js";
import { decline } from "./desk.js";
import { declining, dialog, info, online, state } from "./model.js";

/** @import {Card, Declining, Offer} from "./types.js" */
/** @import {Item} from "../common/menu.js" */

/** What the organisation of this card says of declining. @param {Card} card @returns {Declining} */
function ruleOf(card) {
  const organisation = info.value?.queues.find((one) => one.key === card.queue)?.organisation;
  const found = info.value?.declining?.find((one) => one.organisation === organisation);
  const house = (info.value?.decline_reasons ?? []).map((key) => ({ key, name: null }));
  return found ?? { organisation: organisation ?? "", reasons: house, free: true };
}

/** A reason in words. @param {Declining["reasons"][number]} reason */
export function words({ key, name }) {
  return name ? named(name, key) : has(`console.decline.${key}`) ? t(`console.decline.${key}`) : key;
}

/** The choices of the button. @param {Offer} offer @returns {Item[]} */
export function choices(offer) {
  const { reasons, free } = ruleOf(offer.contact);
  const items = reasons.map((one) => ({ key: one.key, content: words(one), act: () => decline(offer.offer, one.key) }));
  if (free) items.push({ key: "none", content: t("console.decline.none"), act: () => decline(offer.offer) });
  const asks = () => {
    declining.value = offer.offer;
    dialog.value = "decline";
  };
  return [...items, { key: "note", content: t("console.decline.with_note"), act: asks }];
}

/** A reason and a note for whoever takes it. */
export function DeclineDialog() {
  const offer = state.value.offers.find((one) => one.offer === declining.value);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const end = () => {
    dialog.value = null;
  };
  if (!offer) return null;
  const { reasons, free } = ruleOf(offer.contact);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    decline(offer.offer, reason || undefined, note.trim());
    end();
  };
  return html`<${Dialog} title=${t("console.decline.why")} onClose=${end}>
    <form onSubmit=${submit}>
      <div class="field"><label for="decline-reason">${t("console.decline.reason")}</label>
        <select id="decline-reason" value=${reason} required=${!free}
          onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => setReason(event.currentTarget.value)}>
          <option value="">${t(free ? "console.decline.no_reason" : "console.decline.choose")}</option>
          ${reasons.map((one) => html`<option key=${one.key} value=${one.key}>${words(one)}</option>`)}
        </select></div>
      <div class="field"><label for="decline-note">${t("console.decline.note")}</label>
        <textarea id="decline-note" rows="3" maxlength="2000" value=${note} aria-describedby="decline-hint"
          onInput=${(/** @type {{currentTarget: HTMLTextAreaElement}} */ event) => setNote(event.currentTarget.value)}></textarea>
        <p class="meta" id="decline-hint">${t("console.decline.note_hint")}</p></div>
      <div class="actions">
        <button type="submit" class="button primary" data-act="decline-done" disabled=${!online.value}>${t("console.offer.decline")}</button>
        <button type="button" class="button" onClick=${end}>${t("console.cancel")}</button>
      </div>
    </form>
  </${Dialog}>`;
}
