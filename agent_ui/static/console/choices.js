// Answers that the citizen of a chat may press instead of typing: written beside the reply, and
// gone with it.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { change, draftOf } from "./drafts.js";
import { focusSoon } from "./focus.js";

/** @import {Card} from "./types.js" */

const MOST = 6, LONGEST = 60;

/** What is sent of them. @param {string[] | undefined} choices */
export function filled(choices = []) {
  return [...new Set(choices.map((one) => one.trim()).filter(Boolean))];
}

/** Opens and closes the fields. @param {{card: Card}} props */
export function ChoiceButton({ card }) {
  const open = draftOf(card.contact).choices !== undefined;
  const turn = () => {
    change(card.contact, { choices: open ? undefined : [] });
    focusSoon(open ? "#composer-text" : "#choice-0");
  };
  return html`<button type="button" class="button quiet" data-act="choices" aria-expanded=${open} aria-controls=${open ? "choices" : undefined}
    onClick=${turn}><${Icon} name="check" />${t("console.choices.open")}</button>`;
}

/** One field more than is filled, up to the most. @param {{card: Card}} props */
export function ChoiceFields({ card }) {
  const { choices } = draftOf(card.contact);
  if (!choices) return null;
  const fields = [...choices, ""].slice(0, MOST);
  /** @param {number} n @param {string} text */
  const put = (n, text) => {
    const next = fields.map((one, at) => (at === n ? text : one));
    while (next.length && !next.at(-1)) next.pop();
    change(card.contact, { choices: next });
  };
  /** @param {KeyboardEvent} event @param {number} n */
  const key = (event, n) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    focusSoon(fields[n]?.trim() && n + 1 < MOST ? `#choice-${n + 1}` : "#composer-text");
  };
  return html`<fieldset class="answers" id="choices">
    <legend>${t("console.choices.title")}</legend>
    ${fields.map((one, n) => html`<input key=${n} id=${`choice-${n}`} maxlength=${LONGEST} value=${one} autocomplete="off" lang=${card.language}
      aria-label=${t("console.choices.one", { n: n + 1 })} placeholder=${t("console.choices.one", { n: n + 1 })}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => put(n, event.currentTarget.value)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => key(event, n)} />`)}
  </fieldset>`;
}

/** The answers that went with a message. @param {{choices: string[] | undefined}} props */
export function Offered({ choices }) {
  if (!choices?.length) return null;
  return html`<ul class="offered" aria-label=${t("console.choices.offered")}>${choices.map((one) => html`<li key=${one} dir="auto">${one}</li>`)}</ul>`;
}
