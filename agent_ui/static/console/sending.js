// Replies, notes and forwards: shown at once, put on the wire, and again until the server has them.

import { batch } from "@preact/signals";
import { filled } from "./choices.js";
import * as drafts from "./drafts.js";
import { newId } from "./ids.js";
import { keyOf } from "./mail_draft.js";
import { dialog, forwarding, outbox, state } from "./model.js";
import { frameOf } from "./outbox.js";
import { personName } from "./react.js";

/** @import {Mail} from "./mail_draft.js" */
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
  const { mail, choices } = drafts.draftOf(card.contact);
  const offers = kind === "reply" && card.channel === "chat" ? filled(choices) : [];
  batch(() => {
    put(card, { kind, text, ...(kind === "reply" && (card.channel === "mail" || mail.files.length > 0) && { mail }), ...(offers.length && { choices: offers }) });
    drafts.taken(card.contact, kind);
  });
  sendDue();
}

/** Pass a mail on to somebody outside. @param {Card} card @param {string} text
 * @param {Mail} mail to whom @param {{seq: number, files: boolean}} original which message */
export function forward(card, text, mail, original) {
  put(card, { kind: "forward", text, mail, original });
  sendDue();
}

/** @param {Card} card @param {Pick<Unsent, "kind" | "text" | "mail" | "original" | "choices">} said */
function put(card, said) {
  const { contact, case: id } = card;
  const at = new Date().toISOString();
  outbox.value = [...outbox.value, { client_id: newId(), contact, case: id, at, who: personName(card), error: null, ...said }];
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
  const { contact, who, kind, text, mail, choices } = one;
  if (!state.value.contacts[contact]) return drafts.leave({ contact, who, kind, text });
  if (kind === "forward") {
    forwarding.value = { seq: one.original?.seq ?? 0, refused: one };
    dialog.value = "forward";
    return;
  }
  const here = drafts.draftOf(contact);
  drafts.typed(contact, kind, [here[kind], text].filter((part) => part.trim()).join("\n\n"));
  if (kind === "reply" && mail && !keyOf(here.mail)) drafts.changeMail(contact, mail);
  drafts.change(contact, { kind, ...(choices && { choices }) });
}
