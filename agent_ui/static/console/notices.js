// Lines at the edge of the screen that stay until they are put away, and texts that were left
// without a contact.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { ask } from "./desk.js";
import { discard, leftovers } from "./drafts.js";
import { notices, outbox, state } from "./model.js";
import { retry, takeBack } from "./sending.js";

/** @param {import("./model.js").Notice} one */
function putAway(one) {
  notices.value = notices.value.filter((other) => other !== one);
}

/** @param {import("./model.js").Notice} one */
function undo(one) {
  putAway(one);
  if (one.back) ask(one.back.verb, one.back.contact, { contact: one.back.contact });
}

/** The lines. */
export function Notices() {
  return html`<div class="notices" role="status" data-region>
    ${notices.value.map((one) => html`<div key=${one.id} class=${`toast toast-${one.kind}`}>
      <${Icon} name=${one.kind === "error" ? "alert" : "help"} />
      <p class="grow">${one.text}</p>
      ${one.back && html`<button type="button" class="button small" data-act="undo" onClick=${() => undo(one)}>
        ${t("console.undo")}</button>`}
      <button type="button" class="button quiet icon-only" aria-label=${t("console.notice_close")}
        onClick=${() => putAway(one)}><${Icon} name="close" /></button>
    </div>`)}
  </div>`;
}

/** @param {{who: string, kind: string, text: string, children: unknown}} props */
function Kept({ who, kind, text, children }) {
  return html`<li class="leftover">
    <p class="contact-person">${t(`console.leftover.${kind}`, { person: who })}</p>
    <p class="leftover-text">${text}</p>
    <div class="row">${children}</div>
  </li>`;
}

/** What was written and has no place any more: never thrown away by us. */
export function Leftovers() {
  const homeless = outbox.value.filter((one) => one.error !== null && !state.value.contacts[one.contact]);
  if (!homeless.length && !leftovers.value.length) return null;
  const copy = (/** @type {string} */ text) => navigator.clipboard?.writeText(text);
  return html`<section class="leftovers" data-region aria-labelledby="leftovers-title">
    <h2 id="leftovers-title" tabindex="-1">${t("console.leftover.title")}</h2>
    <p class="meta">${t("console.leftover.explained")}</p>
    <ul class="plain">
      ${homeless.map((one) => html`<${Kept} key=${one.client_id} ...${one}>
        <span class="field-error">${one.error}</span>
        <button type="button" class="button small" onClick=${() => retry(one)}>
          ${t("console.unsent.retry")}</button>
        <button type="button" class="button small" onClick=${() => takeBack(one)}>
          ${t("console.unsent.keep_text")}</button>
      </${Kept}>`)}
      ${leftovers.value.map((one, n) => html`<${Kept} key=${n} ...${one}>
        <button type="button" class="button small" onClick=${() => copy(one.text)}>
          ${t("console.leftover.copy")}</button>
        <button type="button" class="button small" onClick=${() => discard(one)}>
          ${t("console.leftover.discard")}</button>
      </${Kept}>`)}
    </ul>
  </section>`;
}
