// What the plots draw, of an answer. Pure.

/** @import {Answer, Interval, Name, Slot} from "./types.js" */

const HALF_HOUR_S = 1800;

/** Rows of numbers, the moments in seconds since 1970 first: before with its interval, after with
 * its own, counted. A figure holds for the whole of its half hour, so it stands at its beginning and
 * at its end: one half hour alone is a line, too, and so is one beside which nothing is known.
 * @param {Answer} answer @param {Name} name @returns {(number | null)[][]} */
export function series(answer, name) {
  /** @param {(slot: Slot) => number | null | undefined} of */
  const row = (of) => answer.intervals.flatMap((slot) => [of(slot) ?? null, of(slot) ?? null]);
  /** @param {(slot: Slot) => Interval | null} of @returns {(number | null)[][]} */
  const sides = (of) => [row((s) => of(s)?.mean), row((s) => of(s)?.low), row((s) => of(s)?.high)];
  return [
    answer.intervals.flatMap((slot) => [begins(slot), begins(slot) + HALF_HOUR_S - 1]),
    ...sides((slot) => slot.before[name]),
    ...sides((slot) => slot.after[name]),
    row((slot) => slot.counted?.[name]),
  ];
}

/** From when to when, in seconds since 1970. @param {Answer} answer @returns {[number, number]} */
export function reach({ intervals }) {
  const [first, last] = [intervals[0], intervals.at(-1)];
  return first && last ? [begins(first), begins(last) + HALF_HOUR_S] : [0, HALF_HOUR_S];
}

/** @param {Slot} slot */
function begins(slot) {
  return Date.parse(slot.from) / 1000;
}
