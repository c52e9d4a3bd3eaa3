// The newest frame as one value. Pure. What has not changed stays the same object: of 1,000 agents
// the screen draws the two that did something.

/** @import {Agent, Board, Gap, Line, Outlook, Queue, Row} from "./types.js" */

/** Two readings of one wait differ by the server's rounding, not by somebody else's wait. */
const SAME_WAIT_MS = 1_500;

/** @returns {Board} */
export function initial() {
  return { at: "", zone: "UTC", queues: [], agents: [], uncovered: [], outlook: [] };
}

/** The board after a frame.
 * @param {Board} board
 * @param {{at: string, zone: string | null, queues: Row[], agents: Agent[], uncovered?: Gap[], outlook?: Outlook[]}} frame
 * @returns {Board} */
export function next(board, frame) {
  const at = Date.parse(frame.at);
  const known = new Map(board.queues.flatMap((queue) => queue.lines.map((line) => [idOf(line), line])));
  const lines = frame.queues.map((row) => kept(known.get(idOf(row)), lineOf(row, at, known.get(idOf(row)))));
  const people = new Map(board.agents.map((one) => [one.agent, one]));
  return {
    at: frame.at,
    zone: frame.zone,
    queues: keptList(board.queues, grouped(lines, board.queues)),
    agents: keptList(board.agents, frame.agents.map((one) => kept(people.get(one.agent), one))),
    uncovered: kept(board.uncovered, frame.uncovered ?? []),
    outlook: kept(board.outlook, frame.outlook ?? []),
  };
}

/** @param {{organisation: string, queue: string, channel: string}} row */
function idOf(row) {
  return `${row.organisation}/${row.queue}/${row.channel}`;
}

/** @param {Row} row @param {number} at @param {Line | undefined} known @returns {Line} */
function lineOf(row, at, known) {
  const { longest_wait_s, ...rest } = row;
  if (longest_wait_s === null) return { ...rest, waitFrom: null };
  const from = at - longest_wait_s * 1000;
  const before = known?.waitFrom ?? Infinity;
  return { ...rest, waitFrom: Math.abs(from - before) < SAME_WAIT_MS ? before : from };
}

/** @param {Line[]} lines @param {Queue[]} before @returns {Queue[]} */
function grouped(lines, before) {
  /** @type {Map<string, Line[]>} */
  const found = new Map();
  for (const line of lines) {
    const id = `${line.organisation}/${line.queue}`;
    found.set(id, [...(found.get(id) ?? []), line]);
  }
  const known = new Map(before.map((queue) => [queue.id, queue]));
  return [...found].map(([id, own]) => {
    const was = known.get(id);
    if (was && keptList(was.lines, own) === was.lines) return was;
    const { queue, name, organisation } = /** @type {Line} */ (own[0]);
    return { id, queue, name, organisation, lines: own };
  });
}

/** The former object where the new one says the same. @template T @param {T | undefined} was @param {T} is */
function kept(was, is) {
  return was !== undefined && isSame(was, is) ? was : is;
}

/** The former list where it holds the same objects. @template T @param {T[]} was @param {T[]} is */
function keptList(was, is) {
  return was.length === is.length && is.every((one, at) => one === was[at]) ? was : is;
}

/** @param {any} a @param {any} b @returns {boolean} */
function isSame(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key], b[key]));
}
