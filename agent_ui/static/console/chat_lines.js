// How the messages of a chat stand together on screen. Pure.

/** @import {Message} from "./types.js" */

/** Whether a message is a plain line of talk, perhaps with files: no mail, no note.
 * @param {Message} message */
export function isLine(message) {
  const { direction, subject, html, send_id, automatic, other_sender } = message;
  return direction !== "note" && !subject && !html && !send_id && !automatic && !other_sender;
}

/** Whether a line goes on what the one before it began: the same writer in the same minute.
 * @param {Message | undefined} before
 * @param {Message} message */
export function goesOn(before, message) {
  if (!before || !isLine(before) || !isLine(message)) return false;
  const minute = (/** @type {Message} */ one) => Math.floor(Date.parse(one.at) / 60_000);
  return before.direction === message.direction && before.from === message.from && minute(before) === minute(message);
}

/** The number of the newest reply that the citizen has seen; 0 where none is.
 * @param {Message[]} messages
 * @param {number} upTo the citizen's high-water mark */
export function newestSeen(messages, upTo) {
  return messages.findLast((one) => one.direction === "outbound" && one.seq <= upTo)?.seq ?? 0;
}

/** The newest message that is no note: what the contact is about just now.
 * @param {Message[]} messages */
export function newestSaid(messages) {
  return messages.findLast((one) => one.direction !== "note");
}
