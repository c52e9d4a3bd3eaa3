// A case's messages, put together from what comes in any order. Pure.

/** @import {Message, Timeline} from "./types.js" */

/** @type {Timeline} */
export const EMPTY = { messages: [], more: false };

/** Known messages and others in order of their numbers, each once. `more` says whether there are
 * messages before the first of `others`. Others that leave a hole after what is known take its
 * place: the earlier ones can be loaded again.
 * @param {Timeline | undefined} known
 * @param {Message[]} others
 * @param {boolean} more
 * @returns {Timeline} */
export function merged(known, others, more) {
  const first = others[0];
  if (!first) return known ?? { messages: [], more };
  if (!known?.messages.length) return { messages: sorted(others), more };
  const last = /** @type {Message} */ (known.messages.at(-1));
  if (first.seq > last.seq + 1) return { messages: sorted(others), more: true };
  const oldest = /** @type {Message} */ (known.messages[0]);
  return {
    messages: sorted([...known.messages, ...others]),
    more: first.seq < oldest.seq ? more : known.more,
  };
}

/** One new message at the end, or in its place. A hole before it stays, for `missingBefore`.
 * @param {Timeline | undefined} known
 * @param {Message} message
 * @returns {Timeline} */
export function added(known, message) {
  if (!known) return { messages: [message], more: message.seq > 1 };
  return { ...known, messages: sorted([...known.messages, message]) };
}

/** The number before which messages are missing between others; null where all are there.
 * @param {Timeline | undefined} known */
export function missingBefore(known) {
  const messages = known?.messages ?? [];
  for (let n = messages.length - 1; n > 0; n--) {
    const [before, after] = [messages[n - 1], messages[n]];
    if (before && after && after.seq !== before.seq + 1) return after.seq;
  }
  return null;
}

/** Fetched messages put into a hole or before the first, wherever they belong.
 * @param {Timeline | undefined} known
 * @param {Message[]} fetched
 * @param {boolean} more
 * @returns {Timeline} */
export function filled(known, fetched, more) {
  const oldest = known?.messages[0]?.seq ?? Infinity;
  const reached = fetched[0]?.seq ?? oldest;
  return {
    messages: sorted([...(known?.messages ?? []), ...fetched]),
    more: reached <= oldest ? more : (known?.more ?? more),
  };
}

/** Whether the citizen waits for an answer, and since when: the first inbound message after the
 * last reply. Notes answer nobody.
 * @param {Timeline | undefined} known
 * @returns {string | null} */
export function waitingSince(known) {
  /** @type {string | null} */
  let since = null;
  for (const message of known?.messages ?? []) {
    if (message.direction === "outbound") since = null;
    else if (message.direction === "inbound") since ??= message.at;
  }
  return since;
}

/** @param {Message[]} messages */
function sorted(messages) {
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
