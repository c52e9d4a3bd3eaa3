// Whose clock is shown: the organisation's, wherever this computer stands. A citizen's page has the
// clock of its own computer.

import { signal } from "@preact/signals";

/** The time zone that moments are shown in; undefined: this computer's.
 * @type {import("@preact/signals").Signal<string | undefined>} */
export const zone = signal(undefined);

/** @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** The clock on the wall as "2026-11-26 12:05:09". @param {number} at milliseconds since 1970 */
function wall(at) {
  const key = zone.value ?? "";
  const format = made.get(key) ?? new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone.value, year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  made.set(key, format);
  return format.format(at);
}

/** The day that a moment is of, as "2026-11-26"; days so written can be compared.
 * @param {string | number} at ISO 8601, or milliseconds since 1970 */
export function dayOf(at) {
  return wall(typeof at === "number" ? at : Date.parse(at)).slice(0, 10);
}

/** How far the wall's clock is before UTC at a moment, in milliseconds. @param {number} at */
function ahead(at) {
  return Date.parse(`${wall(at).replace(" ", "T")}Z`) - Math.floor(at / 1000) * 1000;
}

/** The moment, in milliseconds since 1970, when the clock on the wall says so: what a form or an
 * invitation without a zone means. NaN where it is no time. An hour that a change of the clocks
 * leaves out is the one after it.
 * @param {string} text "2026-11-26T12:05" */
export function whenWallSays(text) {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return NaN;
  return asUtc - ahead(asUtc - ahead(asUtc)); // once more: the first guess may lie beyond a change of the clocks
}
