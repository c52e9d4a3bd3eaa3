// Replies, notes and forwards on their way to the server. One stays here, with its text and its client id,
// until the server's own copy is back: at least once, and the server drops what it has. Pure.

import { fieldsOf } from "./mail_draft.js";

/** @import {Frame, Message, Unsent} from "./types.js" */

/** A frame that says it. @param {Unsent} one */
export function frameOf({ kind, contact, client_id, text, mail, original, choices }) {
  const said = mail ? fieldsOf(mail) : {};
  const passed = original && { seq: original.seq, ...(original.files ? {} : { files: false }) };
  return { type: kind, contact, client_id, text, ...said, ...passed, ...(choices && { choices }) };
}

/** What is still unsent after a frame.
 * @param {Unsent[]} outbox
 * @param {Frame} frame
 * @returns {Unsent[]} */
export function settle(outbox, frame) {
  if (!outbox.length) return outbox;
  switch (frame.type) {
    case "message":
      return without(outbox, frame.case, [frame.message]);
    case "contact":
      return without(outbox, frame.contact.case, frame.messages);
    case "snapshot":
      return frame.contacts.reduce(
        (/** @type {Unsent[]} */ rest, /** @type {Frame} */ card) =>
          without(rest, card.case, card.messages),
        outbox,
      );
    case "error":
      return failed(outbox, frame);
    default:
      return outbox;
  }
}

/** @param {Unsent[]} outbox @param {string} caseId @param {Message[]} [messages] */
function without(outbox, caseId, messages = []) {
  const here = new Set(messages.map((message) => `${message.direction} ${message.client_id}`));
  const left = outbox.filter((one) => {
    const direction = one.kind === "reply" ? "outbound" : "note"; // a forward answers nobody
    return one.case !== caseId || !here.has(`${direction} ${one.client_id}`);
  });
  return left.length === outbox.length ? outbox : left;
}

/** `unavailable` is no refusal: the same is sent again.
 * @param {Unsent[]} outbox @param {Frame} frame */
function failed(outbox, frame) {
  if (!frame.client_id || frame.code === "unavailable") return outbox;
  return outbox.map((one) =>
    one.client_id === frame.client_id ? { ...one, error: reason(frame) } : one,
  );
}

/** Why the server said no, in its own words: they are in the user's language.
 * @param {Frame} frame
 * @returns {string} */
export function reason(frame) {
  return frame.message || frame.code;
}
