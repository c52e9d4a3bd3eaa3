// Replies and notes: shown at once, put on the wire, and again until the server has them.

import { batch } from "@preact/signals";
import * as drafts from "./drafts.js";
import { newId } from "./ids.js";
import { outbox, state } from "./model.js";
import { frameOf } from "./outbox.js";
import { personName } from "./react.js";

/** @import {Card, Frame, Unsent} from "./types.js" */

const AGAIN_MS = 8_000;

/** When each was last put on the wire. @type {Map<string, number>} */
const sentAt = new Map();
/** @type {(frame: Frame) => boolean} */
let send = () => false;

/** How frames leave. @param {(frame: Frame) => boolean} way */
export function useSender(way) {
  send = way;
}

/** Connected anew: what was on its way may not have arrived. */
export function sendAll() {
  sentAt.clear();
  sendDue();
}

/** Send what was not sent yet, or was and got no answer for long, in the order written. */
export function sendDue() {
  const now = performance.now();
  for (const one of outbox.value) {
    const due = now - (sentAt.get(one.client_id) ?? -Infinity) >= AGAIN_MS;
    if (one.error === null && due && send(frameOf(one))) sentAt.set(one.client_id, now);
  }
}

/** The server could not take it just now. @param {string} client_id */
export function sendSoon(client_id) {
  sentAt.delete(client_id);
}

/** Send a reply or save a note. @param {Card} card @param {drafts.Kind} kind @param {string} text */
export function write(card, kind, text) {
  /** @type {Unsent} */
  const unsent = {
    client_id: newId(),
    contact: card.contact,
    case: card.case,
    kind,
    text,
    at: new Date().toISOString(),
    who: personName(card),
    error: null,
  };
  batch(() => {
    outbox.value = [...outbox.value, unsent];
    drafts.taken(card.contact, kind);
  });
  sendDue();
}

/** Try again what was refused. @param {Unsent} one */
export function retry(one) {
  outbox.value = outbox.value.map((other) => (other === one ? { ...one, error: null } : other));
  sentAt.delete(one.client_id);
  sendDue();
}

/** Take a refused message back: into the text box where the contact is still mine.
 * @param {Unsent} one */
export function takeBack(one) {
  outbox.value = outbox.value.filter((other) => other !== one);
  const { contact, who, kind, text } = one;
  if (!state.value.contacts[contact]) return drafts.leave({ contact, who, kind, text });
  const here = drafts.draftOf(contact)[kind];
  drafts.typed(contact, kind, [here, text].filter((part) => part.trim()).join("\n\n"));
  drafts.change(contact, { kind });
}
