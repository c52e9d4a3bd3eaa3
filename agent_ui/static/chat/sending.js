// Own messages: shown at once, put on the wire, and again until the server has them.

import { draft, state, unsent } from "./model.js";

/** @import {Frame, Unsent} from "./types.js" */

const AGAIN_MS = 8_000;
const TYPING_MS = 3_000;

/** When each is due to be put on the wire again. @type {Map<string, number>} */
const dueAt = new Map();
/** @type {(frame: Frame) => boolean} */
let way = () => false;
let typingTold = -Infinity;

/** How frames leave. @param {(frame: Frame) => boolean} by */
export function useSender(by) {
  way = by;
}

/** Send a frame; false where the server would not hear it. @param {Frame} frame */
export function send(frame) {
  return way(frame);
}

/** A fresh random id. */
export function fresh() {
  // Browsers have randomUUID on secure pages only; a house tried out by its plain address is none.
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
}

/** What was written is to be sent. */
export function queueDraft() {
  const text = draft.value.trim();
  if (!text) return;
  const at = new Date().toISOString();
  unsent.value = [...unsent.value, { client_id: fresh(), text, at, error: null }];
  draft.value = "";
}

/** What was not sent goes back to where it was written. */
export function takeBack() {
  const texts = [...unsent.value.map((one) => one.text), draft.value];
  draft.value = texts.filter((text) => text.trim()).join("\n\n");
  unsent.value = [];
}

/** Connected anew: what was on its way may not have arrived. */
export function sendAll() {
  dueAt.clear();
  sendDue();
}

/** Send what was not sent yet, or was and got no answer for long, in the order written. */
export function sendDue() {
  if (state.value.phase !== "waiting" && state.value.phase !== "talking") return;
  const now = performance.now();
  for (const { client_id, text, error, files } of unsent.value) {
    if (error !== null || now < (dueAt.get(client_id) ?? 0)) continue;
    if (send({ type: "message", client_id, text, files: files?.map((one) => one.id) })) dueAt.set(client_id, now + AGAIN_MS);
  }
}

/** The server could not take it just now. @param {string} client_id @param {number} wait_ms */
export function sendSoon(client_id, wait_ms) {
  dueAt.set(client_id, performance.now() + wait_ms);
}

/** Try again what was refused. @param {Unsent} one */
export function retry(one) {
  dueAt.delete(one.client_id);
  unsent.value = unsent.value.map((other) => (other === one ? { ...one, error: null } : other));
  sendDue();
}

/** After the end of a chat, everything that was not taken may be sent again. */
export function clear() {
  dueAt.clear();
  unsent.value = unsent.value.map((one) => ({ ...one, error: null }));
}

/** Tell the agent, not too often, that an answer is being written. */
export function sayTyping() {
  const now = performance.now();
  if (now - typingTold >= TYPING_MS && send({ type: "typing" })) typingTold = now;
}
