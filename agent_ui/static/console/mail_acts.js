// The agent's acts on mail: what became of answers, and mail that nobody should answer.

import { ask, open } from "./desk.js";
import { state } from "./model.js";

/** Where `state` is told, that in which the agent saw it: what became of it meanwhile is shown, not sent again.
 * @param {string} send_id @param {string} [state] */
export const resend = (send_id, state) => ask("resend", send_id, { send_id, state });

/** Somebody looks after an answer that did not arrive in another way. @param {string} send_id */
export const dismiss = (send_id) => ask("dismiss", send_id, { send_id });

/** Nobody need answer this mail: it closes, and can be brought back. @param {string} contact */
export const spam = (contact) => ask("spam", contact, { contact });

/** Back to its place in the line. @param {string} contact */
export const notSpam = (contact) => ask("not_spam", contact, { contact });

/** Mail from this sender never waits again. @param {string} contact */
export const block = (contact) => ask("block_sender", contact, { contact });

/** @param {string} contact */
export const unblock = (contact) => ask("unblock_sender", contact, { contact });

/** Show the case of a message: where no contact of it is mine, one is opened.
 * @param {string} id */
export function openCase(id) {
  const found = Object.values(state.value.contacts).find((card) => card.case === id);
  if (found) open(found.contact);
  else ask("reopen", id, { case: id });
}

/** @param {string} send_id */
export const arrived = (send_id) => ask("arrived", send_id, { send_id });
