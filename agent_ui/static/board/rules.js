// What is trouble, in which order queues stand, and what may be added up. Pure.

/** @import {Line, Queue, ServiceLevel, Sums} from "./types.js" */

/** Nobody waits, somebody does, soon over the target, over it. */
export const CALM = 0, WAITS = 1, NEAR = 2, OVER = 3;
const NEAR_PART = 0.8; // of the target

/** How far the longest wait of a line has come: 1 is the target.
 * @param {Line} line @param {number} now milliseconds of the server's clock */
export function progress(line, now) {
  if (line.waitFrom === null) return 0;
  return Math.max(0, now - line.waitFrom) / 1000 / Math.max(1, line.service_level.seconds);
}

/** @param {Line} line @param {number} now */
export function levelOf(line, now) {
  const gone = progress(line, now);
  if (gone > 1) return OVER;
  if (gone >= NEAR_PART) return NEAR;
  return line.waiting > 0 ? WAITS : CALM;
}

/** The worst of a queue's channels. @param {Queue} queue @param {number} now */
export function worst(queue, now) {
  return Math.max(CALM, ...queue.lines.map((line) => levelOf(line, now)));
}

/** The channel of a queue that is in the most trouble. @param {Queue} queue @param {number} now */
export function worstLine(queue, now) {
  const [first] = queue.lines.toSorted(
    (a, b) => levelOf(b, now) - levelOf(a, now) || progress(b, now) - progress(a, now),
  );
  return /** @type {Line} */ (first); // no queue is without a channel
}

/** The channel of a queue whose estimated wait is the longest for its target; of what citizens are told
 * nothing, nothing is told here. @param {Line[]} lines */
export function longestAhead(lines) {
  /** @param {Line} line */
  const length = ({ estimate, service_level: { seconds } }) => (estimate?.high_s ?? 0) / Math.max(1, seconds);
  return lines.filter((line) => line.estimate && !line.estimate_silent).toSorted((a, b) => length(b) - length(a)).at(0);
}

/** Queues in the order of their names, as the language sorts them.
 * @param {Queue[]} queues @param {(queue: Queue) => string} name @param {string} locale */
export function byName(queues, name, locale) {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return queues.toSorted((a, b) => compare(name(a), name(b)) || compare(a.id, b.id));
}

/** Queues where it burns first: by how far the wait has come towards its target and beyond, then by
 * how many wait; those where nobody waits by name.
 * @param {Queue[]} queues @param {number} now
 * @param {(queue: Queue) => string} name @param {string} locale */
export function troubleFirst(queues, now, name, locale) {
  const facts = new Map(queues.map((queue) => [queue.id, {
    progress: Math.max(0, ...queue.lines.map((line) => progress(line, now))),
    waiting: sum(queue.lines, "waiting"),
  }]));
  /** @param {Queue} queue */
  const of = (queue) => facts.get(queue.id) ?? { progress: 0, waiting: 0 };
  return byName(queues, name, locale).sort(
    (a, b) => of(b).progress - of(a).progress || of(b).waiting - of(a).waiting,
  );
}

/** New queues where they belong, the others where they stood: nothing moves under the pointer.
 * @template {{id: string}} T @param {T[]} wanted @param {T[]} before */
export function held(wanted, before) {
  const place = new Map(before.map((one, at) => [one.id, at]));
  return wanted.toSorted((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0);
}

/** @param {Line[]} lines
 * @param {"waiting" | "in_hand" | "entered" | "accepted" | "abandoned" | "short_abandoned" | "promises" | "kept"} field */
function sum(lines, field) {
  return lines.reduce((total, line) => total + line[field], 0);
}

/** What several lines are together.
 * @param {Line[]} lines @returns {Sums} */
export function sums(lines) {
  const from = lines.flatMap((line) => line.waitFrom ?? []);
  return {
    waiting: sum(lines, "waiting"),
    waitFrom: from.length ? Math.min(...from) : null,
    in_hand: sum(lines, "in_hand"),
    entered: sum(lines, "entered"),
    accepted: sum(lines, "accepted"),
    abandoned: sum(lines, "abandoned"),
    short_abandoned: sum(lines, "short_abandoned"),
    promises: sum(lines, "promises"),
    kept: sum(lines, "kept"),
    service_level: serviceLevel(lines),
    asa: mean(lines, (line) => line.asa_s, (line) => line.accepted),
    aht: mean(lines, (line) => line.aht_s, (line) => line.handled),
  };
}

/** One service level of several lines: from the counts behind each, and only where they count
 * against the same time in the same way.
 * @param {Line[]} lines @returns {ServiceLevel | null} */
function serviceLevel(lines) {
  const first = lines[0]?.service_level;
  const counted = lines.filter((line) => line.service_level.value !== null);
  if (!first || !lines.every(({ service_level: one }) => one.seconds === first.seconds && one.way === first.way)) {
    return counted.length === 1 ? /** @type {Line} */ (counted[0]).service_level : null;
  }
  const found = mean(lines, (line) => line.service_level.value, countedOf);
  return found && { ...first, value: found.value };
}

/** How many contacts a line's service level counts. @param {Line} line */
function countedOf({ service_level, accepted, abandoned }) {
  return service_level.way === "ignored" ? accepted : accepted + abandoned;
}

/** A mean weighted by counts; {value: null} where nothing is counted yet, null where a count is
 * missing that it takes.
 * @param {Line[]} lines
 * @param {(line: Line) => number | null} value
 * @param {(line: Line) => number | undefined} weight */
function mean(lines, value, weight) {
  const known = lines.filter((line) => value(line) !== null);
  const [only] = known;
  if (!only) return { value: null };
  if (known.length === 1) return { value: value(only) };
  if (known.some((line) => !weight(line))) return null;
  const total = known.reduce((all, line) => all + Number(weight(line)), 0);
  return { value: known.reduce((all, line) => all + Number(value(line)) * Number(weight(line)), 0) / total };
}

/** The line with the lowest service level, where any has one. @param {Line[]} lines */
export function lowest(lines) {
  return lines
    .filter((line) => line.service_level.value !== null)
    .toSorted((a, b) => Number(a.service_level.value) - Number(b.service_level.value))[0];
}

/** The channel that says whether a queue is open: an open one where there is one, else a closed one;
 * none where it has no hours. @param {Line[]} lines */
export function openLine(lines) {
  return lines.find((line) => line.open) ?? lines.find((line) => line.open === false);
}
