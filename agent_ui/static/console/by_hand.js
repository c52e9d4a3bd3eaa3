// What agents do beyond writing: begin a contact, say who it is, ask to wait, ring and say what
// came of it.

import { act } from "./acts.js";
import { canHold } from "./channels.js";
import { ask } from "./desk.js";
import { draftOf } from "./drafts.js";
import { persons, refusal } from "./model.js";
import { write } from "./sending.js";

/** @import {Card, Told} from "./types.js" */

/** Begin a contact; it opens when the server has it.
 * @param {{channel: string, direction: string, queue: string, language: string, arrived_at?: string}} fields */
export function begin(fields) {
  refusal.value = null;
  act("start", "", "request_id", fields);
}

/** Say who it is. What is empty stays as it is known. @param {string} contact */
export function introduce(contact) {
  const told = persons.value[contact];
  if (!told) return;
  const given = Object.entries(told).filter(([, text]) => text.trim());
  refusal.value = null;
  if (given.length) ask("person", contact, { contact, ...Object.fromEntries(given) });
}

/** Ask the person to wait, or go on. @param {Card} card */
export function turnHold(card) {
  if (canHold(card)) ask(card.held_from ? "unhold" : "hold", card.contact, { contact: card.contact });
}

let rangAt = -Infinity;

/** The number was pressed: the server notes the moment. @param {Card} card */
export function dial({ contact, state }) {
  rangAt = performance.now();
  if (state === "active") ask("dial", contact, { contact });
}

/** Whether the number has just been pressed. Browsers take its link for leaving the page, though
 * the telephone takes it. */
export function isRinging() {
  return performance.now() - rangAt < 1_000;
}

/** What came of the call. A note that stands unsaved goes with it, since the contact may leave.
 * @param {Card} card @param {string} outcome @param {string} [again_at] */
export function attempt(card, outcome, again_at) {
  const { note } = draftOf(card.contact);
  if (note.trim()) write(card, "note", note.trimEnd());
  const when = again_at ? { again_at } : {};
  act("attempt", card.contact, "client_id", { contact: card.contact, outcome, ...when });
}

/** What stands in the form of a person: what was typed, else what is known.
 * @param {Card} card
 * @returns {Told} */
export function toldOf(card) {
  const address = card.person?.address ?? "";
  const known = { name: card.person?.name ?? "", number: "", email: "" };
  return persons.value[card.contact] ?? { ...known, [address.includes("@") ? "email" : "number"]: address };
}
