// Acts that must happen once, whatever the network does: a contact begun by hand, the outcome of a
// call. One stays here with its id until the server has answered it; the same id again is answered
// like the first.

import { newId } from "./ids.js";
import { acts } from "./model.js";

/** @import {Act, Frame} from "./types.js" */

const AGAIN_MS = 8_000;

/** When each was last put on the wire. @type {Map<string, number>} */
const sentAt = new Map();
/** @type {(frame: Frame) => boolean} */
let send = () => false;

/** How frames leave. @param {(frame: Frame) => boolean} way */
export function useSender(way) {
  send = way;
}

/** Do it, unless another on the same object is on its way.
 * @param {"start" | "attempt"} type
 * @param {string} object the contact; "" for one that is to be
 * @param {"request_id" | "client_id"} name what the frame calls the act's id
 * @param {{[field: string]: unknown}} fields */
export function act(type, object, name, fields) {
  if (isOpen(type, object)) return;
  const id = newId();
  acts.value = [...acts.value, { id, type, object, frame: { type, ...fields, [name]: id, ref: id } }];
  sendDue();
}

/** Whether an answer is still awaited. @param {string} type @param {string} object */
export function isOpen(type, object) {
  return acts.value.some((one) => one.type === type && one.object === object);
}

/** The act that a frame answers, which is over then. `unavailable` is no answer: the same is sent
 * again.
 * @param {Frame} frame
 * @returns {Act | null} */
export function answered(frame) {
  const found = acts.value.find((one) => one.id === frame.ref);
  if (!found || frame.type === "offer_ended") return null; // a call that begins ends an offer first
  if (frame.type === "error" && frame.code === "unavailable") {
    sentAt.set(found.id, performance.now() - AGAIN_MS + (frame.retry_after_s ?? 1) * 1000);
    return null;
  }
  acts.value = acts.value.filter((one) => one !== found);
  return found;
}

/** Connected anew: what was on its way may not have arrived. */
export function sendAll() {
  sentAt.clear();
  sendDue();
}

/** Send what was not sent yet, or was and got no answer for long. */
export function sendDue() {
  const now = performance.now();
  for (const one of acts.value) {
    const due = now - (sentAt.get(one.id) ?? -Infinity) >= AGAIN_MS;
    if (due && send(one.frame)) sentAt.set(one.id, now);
  }
}
