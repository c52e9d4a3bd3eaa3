// What is typed of a person until the server has it: kept through reloads, and put aside where the
// contact leaves before.

import { t } from "../common/i18n.js";
import { leave } from "./drafts.js";
import { notify, persons } from "./model.js";

/** @import {Frame, State, Told} from "./types.js" */

/** A key was pressed. @param {string} contact @param {Told} told */
export function typed(contact, told) {
  persons.value = { ...persons.value, [contact]: told };
}

/** The server has it. Where a known number led to another name, that is said.
 * @param {Frame} frame the card that answers */
export function introduced({ contact: card }) {
  const told = persons.value[card.contact];
  drop(card.contact);
  const known = card.person?.known_as;
  if (told?.name.trim() && known) notify("info", t("console.hand.known", { person: known }));
}

/** What was typed of contacts that left goes to what is left unsent.
 * @param {State} before @param {State} after */
export function follow(before, after) {
  for (const [contact, card] of Object.entries(before.contacts)) {
    const told = persons.value[contact];
    if (after.contacts[contact] || !told) continue;
    const text = Object.values(told).filter((part) => part.trim()).join("\n");
    const who = card.person?.name || card.case;
    if (text) leave({ contact, who, kind: "note", text });
    drop(contact);
  }
}

/** @param {string} contact */
function drop(contact) {
  const { [contact]: _, ...rest } = persons.value;
  persons.value = rest;
}
