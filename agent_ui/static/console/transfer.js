// Passing a contact on, to another queue or to one colleague, with a word for whoever takes it.

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { named, t } from "../common/i18n.js";
import * as api from "./api.js";
import { decidedElsewhere } from "./deciding.js";
import { transfer } from "./desk.js";
import { leave } from "./drafts.js";
import { dialog, info, isAsked, online, refusal } from "./model.js";
import { personName } from "./react.js";

/** @import {Card, Info} from "./types.js" */

/** Queues of the same organisation, without its own, but where it is handed over there to be decided. @param {Info | null} known @param {Card} card */
function queuesFor(known, card) {
  const all = known?.queues ?? [];
  const own = all.find((one) => one.key === card.queue);
  return all.filter((one) => (one !== own || decidedElsewhere(card)) && one.organisation === own?.organisation);
}

/** Colleagues, those who can take it now first. @param {Info | null} known */
function colleagues(known) {
  const others = (known?.agents ?? []).filter((one) => one.id !== known?.user.id);
  const away = (/** @type {{state: string}} */ one) => Number(one.state !== "available");
  return others.sort((a, b) => away(a) - away(b) || a.name.localeCompare(b.name));
}

/** @param {{to: string, card: Card, value: string, wrong: boolean, onPick: (key: string) => void}} props */
function Target({ to, card, value, wrong, onPick }) {
  const known = info.value;
  return html`<div class="field">
    <label for="target">${t(`console.transfer.${to}`)}</label>
    <select id="target" value=${value} aria-invalid=${wrong} aria-describedby=${wrong ? "target-error" : undefined}
      onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => onPick(event.currentTarget.value)}>
      <option value="">${t("console.choose")}</option>
      ${to === "queue"
        ? queuesFor(known, card).map((one) => html`<option key=${one.key} value=${one.key}>
            ${named(one.name, one.key)}</option>`)
        : colleagues(known).map((one) => html`<option key=${one.id} value=${one.id}
            disabled=${one.state !== "available"}>${one.name} – ${t(`state.${one.state}`)}</option>`)}
    </select>
    ${wrong && html`<p class="field-error" id="target-error" role="alert">${t("console.transfer.missing")}</p>`}
    <p class="meta">${t(`console.transfer.${to}_hint`)}</p>
  </div>`;
}

/** @param {{card: Card}} props */
export function TransferDialog({ card }) {
  const [to, setTo] = useState(/** @type {"queue" | "agent"} */ ("queue"));
  const [target, setTarget] = useState(decidedElsewhere(card) ? card.queue : "");
  const [summary, setSummary] = useState("");
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    // Who is free changes by the minute; what is known serves where the answer doesn't come.
    api.info().then((fresh) => (info.value = fresh), () => undefined);
  }, []);
  // A summary whose contact was taken from me unasked is put aside, not dropped.
  const kept = useRef({ text: "", done: false });
  kept.current.text = summary;
  useEffect(() => () => {
    const { text, done } = kept.current;
    const { contact } = card;
    if (text.trim() && !done) leave({ contact, who: personName(card), kind: "note", text });
  }, []);
  const busy = isAsked("transfer", card.contact);
  const refused = !busy && refusal.value?.asked === `transfer ${card.contact}` ? refusal.value.text : "";
  const end = () => {
    kept.current.done = true;
    dialog.value = null;
  };
  /** @param {{currentTarget: HTMLTextAreaElement}} event */
  const written = (event) => setSummary(event.currentTarget.value);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    setWrong(!target);
    if (!target) return document.getElementById("target")?.focus();
    kept.current.done = true;
    transfer(card.contact, to === "queue" ? { queue: target } : { agent: target }, summary);
  };
  const pick = (/** @type {"queue" | "agent"} */ way) => () => {
    setTo(way);
    setTarget("");
    setWrong(false);
  };
  return html`<${Dialog} title=${t("console.transfer.title")} onClose=${end}>
    <form onSubmit=${submit}>
      <fieldset class="choices side-by-side"><legend>${t("console.transfer.where")}</legend>
        ${(/** @type {const} */ (["queue", "agent"])).map((way) => html`<label key=${way} class="choice">
          <input type="radio" name="to" checked=${to === way} onChange=${pick(way)} />
          ${t(`console.transfer.to_${way}`)}</label>`)}
      </fieldset>
      <${Target} key=${to} to=${to} card=${card} value=${target} wrong=${wrong}
        onPick=${(/** @type {string} */ key) => { setTarget(key); setWrong(false); }} />
      <div class="field"><label for="summary">${t("console.transfer.summary")}</label>
        <textarea id="summary" rows="4" maxlength="4000" value=${summary} aria-describedby="summary-hint"
          onInput=${written}></textarea>
        <p class="meta" id="summary-hint">${t("console.transfer.summary_hint")}</p></div>
      ${refused && html`<p class="error" role="alert">${refused}</p>`}
      <div class="actions">
        <button type="submit" class="button primary" disabled=${busy || !online.value}>
          ${t("console.transfer.done")}</button>
        <button type="button" class="button" onClick=${end}>${t("console.cancel")}</button>
      </div>
    </form>
  </${Dialog}>`;
}
