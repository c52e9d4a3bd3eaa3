// Figures as people read them. Pure: numbers and a locale in, text or a text's key out.

/** @type {Map<string, Intl.NumberFormat>} */
const made = new Map();

/** @param {string} locale @param {Intl.NumberFormatOptions} options */
function format(locale, options) {
  const key = locale + JSON.stringify(options);
  const found = made.get(key) ?? new Intl.NumberFormat(locale, options);
  made.set(key, found);
  return found;
}

/** A count. @param {number} n @param {string} locale */
export function count(n, locale) {
  return format(locale, {}).format(n);
}

/** A share from 0 to 1 in whole per cent. 99.6 is not all, and 0.4 is not none.
 * @param {number} share @param {string} locale */
export function percent(share, locale) {
  const whole = Math.round(share * 100);
  const shown = share < 1 && whole === 100 ? 99 : share > 0 && whole === 0 ? 1 : whole;
  return format(locale, { style: "percent" }).format(shown / 100);
}

/** An age: tenths of a second below ten, whole seconds below an hour.
 * @param {number} seconds @param {string} locale */
export function tenths(seconds, locale) {
  const digits = seconds < 9.95 ? 1 : 0;
  return format(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(seconds);
}

/** @typedef {[key: string, params: Record<string, string | number>]} Text of the catalogue */

/** A duration by its two largest units: "43 s", "2 min 08 s", "3 h 12 min", "2 d".
 * @param {number} seconds @returns {Text} */
export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return ["board.time.s", { s }];
  const min = Math.floor(s / 60);
  if (min < 60) return ["board.time.min_s", { min, s: String(s % 60).padStart(2, "0") }];
  const h = Math.floor(min / 60);
  if (h < 24) return min % 60 ? ["board.time.h_min", { h, min: min % 60 }] : ["board.time.h", { h }];
  const d = Math.floor(h / 24);
  return h % 24 ? ["board.time.d_h", { d, h: h % 24 }] : ["board.time.d", { d }];
}

/** A duration that does not move every second: whole minutes.
 * @param {number} seconds @returns {Text} */
export function minutes(seconds) {
  if (seconds < 60) return ["board.time.under_min", {}];
  if (seconds < 3600) return ["board.time.min", { min: Math.floor(seconds / 60) }];
  return duration(seconds);
}

/** From how many minutes, or hours, to how many, with the unit once; null where it takes two units.
 * @param {number} low_s @param {number} high_s @returns {Text | null} */
export function between(low_s, high_s) {
  if (low_s <= 0 || low_s === high_s) return null;
  for (const [unit, most_s, key] of /** @type {const} */ ([[60, 3600, "board.time.between_min"], [3600, 86_400, "board.time.between_h"]])) {
    const [low, high] = [low_s / unit, high_s / unit];
    if (high_s < most_s && Number.isInteger(low) && Number.isInteger(high)) return [key, { low, high }];
  }
  return null;
}

/** A target, in the largest unit that gives a whole number not too small to compare.
 * @param {number} seconds @returns {Text} */
export function target(seconds) {
  const min = seconds / 60, h = min / 60, d = h / 24;
  if (d >= 2 && Number.isInteger(d)) return ["board.time.d", { d }];
  if (h >= 2 && Number.isInteger(h)) return ["board.time.h", { h }];
  if (min >= 1 && Number.isInteger(min)) return ["board.time.min", { min }];
  return ["board.time.s", { s: seconds }];
}
