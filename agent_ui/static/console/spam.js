// Mail that nobody should answer: said to be spam, and senders whose mail never waits again. Both
// say what they do before they do it, and can be taken back.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { settings } from "../common/settings.js";
import { canBeSpam } from "./channels.js";
import { decidedElsewhere } from "./deciding.js";
import { draftOf, isBegun } from "./drafts.js";
import { block, spam, unblock } from "./mail_acts.js";
import { dialog, isAsked, online, state } from "./model.js";
import { personName } from "./react.js";

/** @import {Card} from "./types.js" */

/** Who is blocked, by the best name there is. @param {Card} card */
function sender(card) {
  return card.person?.address || personName(card);
}

/** @param {{card: Card}} props */
export function SpamPart({ card }) {
  if (!canBeSpam(card)) return null;
  const blocked = state.value.blocked[card.contact] === true;
  const busy = !online.value || ["spam", "block_sender", "unblock_sender"].some((verb) => isAsked(verb, card.contact));
  const keys = settings.value.shortcuts;
  return html`<section aria-labelledby="spam-title">
    <h3 id="spam-title">${t("console.spam.title")}</h3>
    ${blocked && html`<p class="notice warn" role="status">${t("console.block.is", { address: sender(card) })}</p>`}
    <div class="stack">
      ${!decidedElsewhere(card) && html`<button type="button" class="button wide" data-act="spam" disabled=${busy} aria-keyshortcuts=${keys ? "s" : undefined}
        onClick=${() => (dialog.value = "spam")}><${Icon} name="bin" />${t("console.spam.begin")}
        ${keys && html`<kbd aria-hidden="true">S</kbd>`}</button>`}
      ${blocked
        ? html`<button type="button" class="button quiet wide" data-act="unblock" disabled=${busy}
            onClick=${() => unblock(card.contact)}>${t("console.block.undo")}</button>`
        : html`<button type="button" class="button quiet wide" data-act="block" disabled=${busy}
            onClick=${() => (dialog.value = "block")}>${t("console.block.begin")}</button>`}
    </div>
  </section>`;
}

/** @param {{title: string, done: string, onDone: () => void, children: unknown}} props */
function Sure({ title, done, onDone, children }) {
  const end = () => {
    dialog.value = null;
  };
  return html`<${Dialog} title=${title} onClose=${end}>
    ${children}
    <div class="actions">
      <button type="button" class="button danger" data-first data-act="sure" disabled=${!online.value}
        onClick=${() => { onDone(); end(); }}>${done}</button>
      <button type="button" class="button" onClick=${end}>${t("console.cancel")}</button>
    </div>
  </${Dialog}>`;
}

/** @param {{card: Card}} props */
export function SpamDialog({ card }) {
  const [also, setAlso] = useState(false);
  const done = () => {
    if (also) block(card.contact);
    spam(card.contact);
  };
  return html`<${Sure} title=${t("console.spam.sure")} done=${t("console.spam.yes")} onDone=${done}>
    <p><strong>${sender(card)}</strong></p>
    <p>${t("console.spam.consequence")}</p>
    ${isBegun(draftOf(card.contact)) && html`<p class="notice warn">${t("console.spam.draft")}</p>`}
    <label class="choice"><input type="checkbox" checked=${also} onChange=${() => setAlso(!also)} />
      <span>${t("console.spam.also", { address: sender(card) })}<br /><span class="meta">${t("console.block.consequence")}</span></span></label>
  </${Sure}>`;
}

/** @param {{card: Card}} props */
export function BlockDialog({ card }) {
  return html`<${Sure} title=${t("console.block.sure")} done=${t("console.block.yes")} onDone=${() => block(card.contact)}>
    <p><strong>${sender(card)}</strong></p>
    <p>${t("console.block.consequence")}</p>
    <p>${t("console.block.goes_on")}</p>
  </${Sure}>`;
}
