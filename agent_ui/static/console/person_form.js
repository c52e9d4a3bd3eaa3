// Who it is, of a contact begun by hand: written while the person talks.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { introduce, toldOf } from "./by_hand.js";
import { typed } from "./introducing.js";
import { isAsked, online, persons, refusal } from "./model.js";

/** @import {Card, Told} from "./types.js" */

/** @typedef {"name" | "number" | "email"} Field */
/** @type {Record<Field, {type: string, most: number}>} */
const FIELDS = {
  name: { type: "text", most: 200 },
  number: { type: "tel", most: 40 },
  email: { type: "email", most: 320 },
};

/** @param {{card: Card, field: Field, told: Told, wrong: boolean}} props */
function Line({ card, field, told, wrong }) {
  const { type, most } = FIELDS[field];
  const input = (/** @type {{currentTarget: HTMLInputElement}} */ event) =>
    typed(card.contact, { ...told, [field]: event.currentTarget.value });
  return html`<div class="field"><label for=${`person-${field}`}>${t(`console.hand.${field}`)}</label>
    <input id=${`person-${field}`} type=${type} maxlength=${most} value=${told[field]} autocomplete="off"
      aria-invalid=${wrong} aria-describedby=${wrong ? "person-error" : undefined} onInput=${input} /></div>`;
}

/** @param {{card: Card}} props */
export function PersonForm({ card }) {
  const told = toldOf(card);
  const changed = persons.value[card.contact] !== undefined;
  const busy = isAsked("person", card.contact);
  const refused = !busy && refusal.value?.asked === `person ${card.contact}` ? refusal.value : null;
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    introduce(card.contact);
  };
  return html`<form class="person-form" novalidate onSubmit=${submit}>
    ${(/** @type {Field[]} */ (Object.keys(FIELDS))).map((field) => html`<${Line} key=${field} card=${card} field=${field}
      told=${told} wrong=${refused?.field === field} />`)}
    ${refused && html`<p class="field-error" id="person-error" role="alert">${refused.text}</p>`}
    <button type="submit" class="button small" data-act="introduce" disabled=${busy || !changed || !online.value}>
      ${t(`console.hand.${busy ? "saving" : "save"}`)}</button>
  </form>`;
}
