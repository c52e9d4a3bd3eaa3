// A reload loses nothing: the chat's secret and what the server does not have yet lie in the
// browser's storage, one record a queue, and go when the chat ends. Where storage may not be used
// they live as long as the page.

import { given } from "./model.js";

/** @import {Kept} from "./types.js" */

/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} queue */
const keyOf = (queue) => `contactcenter.chat.${queue}`;

/** What is kept of a chat that may be taken up again; null where there is none.
 * @param {string} queue
 * @param {number} now milliseconds since 1970
 * @returns {Kept | null} */
export function kept(queue, now = Date.now()) {
  try {
    const found = JSON.parse(read(keyOf(queue)) ?? "null");
    const age_s = Math.abs(now - found?.at) / 1000;
    const fresh = typeof found?.at === "number" && age_s < given.resume_s;
    return fresh ? found : null;
  } catch {
    return null;
  }
}

/** Keep a change, and that the chat is alive now.
 * @param {string} queue @param {Partial<Kept>} change */
export function keep(queue, change) {
  write(keyOf(queue), JSON.stringify({ ...kept(queue), ...change, at: Date.now() }));
}

/** Forget the chat. @param {string} queue */
export function forget(queue) {
  memory.delete(keyOf(queue));
  try {
    localStorage.removeItem(keyOf(queue));
  } catch {
    // Nothing was kept there.
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

/** @param {string} key @param {string} text */
function write(key, text) {
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch {
    memory.set(key, text); // forbidden or full
  }
}
