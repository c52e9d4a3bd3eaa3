// How a promised call stands, and when it may be tried again. Pure.

import { whenWallSays } from "../common/zone.js";

/** @import {Callback} from "./types.js" */

/** @typedef {{key: "before" | "now" | "missed" | "kept", seconds: number}} Standing */

/** How the promise stands, the window's ends included: seconds until it opens, until it ends, or
 * since it ended.
 * @param {Callback} callback
 * @param {number} now milliseconds since 1970, by the server's clock
 * @returns {Standing | null} null: nothing was promised */
export function standing({ promise, dialled_at }, now) {
  if (!promise) return null;
  const [from, to] = [Date.parse(promise.from), Date.parse(promise.to)];
  const dialled = dialled_at ? Date.parse(dialled_at) : NaN;
  if (dialled >= from && dialled <= to) return { key: "kept", seconds: 0 };
  if (now < from) return { key: "before", seconds: (from - now) / 1000 };
  if (now <= to) return { key: "now", seconds: (to - now) / 1000 };
  return { key: "missed", seconds: (now - to) / 1000 };
}

/** Whether no other try is to be made, by what came of the last. @param {Callback} callback */
export function isSettled({ outcome }) {
  return outcome === "reached" || outcome === "wrong_number";
}

/** Which try this is, from 1. @param {Callback} callback */
export function tryNumber(callback) {
  const { attempts, most } = callback;
  return isSettled(callback) ? Math.max(1, attempts) : Math.min(most, attempts + 1);
}

/** Whether no other try follows, if this one fails. @param {Callback} callback */
export function isLast(callback) {
  return callback.attempts + 1 >= callback.most;
}

/** The moment that a choice of "again" means; undefined: as the rule says.
 * @param {string} choice "", minutes from now, or "at"
 * @param {string} at the time chosen by hand, as a form gives it
 * @param {number} now milliseconds since 1970
 * @returns {string | undefined} */
export function againAt(choice, at, now) {
  if (choice === "") return undefined;
  const moment = choice === "at" ? whenWallSays(at) : now + Number(choice) * 60_000;
  return new Date(moment).toISOString();
}
