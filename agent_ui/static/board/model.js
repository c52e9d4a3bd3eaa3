// Everything the board shows, as signals. Components read; only desk.js writes.

import { computed, signal } from "@preact/signals";
import { tick } from "../common/clock.js";
import { locale } from "../common/format.js";
import { named } from "../common/i18n.js";
import { ageOf, ServerClock, STALE_MS } from "./age.js";
import { choices } from "./choices.js";
import { byName, held, OVER, sums, troubleFirst, worst } from "./rules.js";
import { initial } from "./store.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Agent, Board, Names, Queue} from "./types.js" */
/** @import {Link} from "./socket.js" */

/** What the server has told. @type {Signal<Board>} */
export const board = signal(initial());

/** When the newest figures were true (the server's clock), and when they came (wall, monotonic).
 * @type {Signal<{at: number, got: number, heard: number} | null>} */
export const figures = signal(null);

export const clock = new ServerClock();

/** The connection. @type {Signal<{link: Link, retryAt: number}>} */
export const connection = signal({ link: "connecting", retryAt: 0 });

/** Who looks. @type {Signal<{name: string, role: string} | null>} */
export const me = signal(null);

/** Names of organisations, by key. @type {Signal<Record<string, Names>>} */
export const organisationNames = signal({});

/** Keys of the organisations of whose staff this user may end shifts. @type {Signal<string[]>} */
export const staffOf = signal([]);

/** The board hangs on a wall: nobody presses anything. */
export const wall = signal(false);

/** Somebody points at the queues or is in them: they keep their order. */
export const pointedAt = signal(false);

/** What could not be done, in words. */
export const failure = signal("");

/** Milliseconds; moves with each frame and each second. */
export const age = computed(() => {
  void tick.value;
  return figures.value ? ageOf(clock, figures.value) : 0;
});
export const ready = computed(() => figures.value !== null);
/** The figures are not live. */
export const stale = computed(() => ready.value && (age.value > STALE_MS || connection.value.link !== "online"));

/** The server's time, up to which waits run on, in whole seconds from the newest figures. It stands
 * still where they are old: whoever waited may have been served meanwhile. */
export const now = computed(() => {
  if (!figures.value) return 0;
  return figures.value.at + Math.floor(Math.min(age.value, STALE_MS) / 1000) * 1000;
});

/** Keys of all organisations that the figures tell of, by name. @type {Signal<string[]>} */
export const organisations = computed(() => {
  const { queues, agents } = board.value;
  const keys = new Set([...queues, ...agents].map((one) => one.organisation));
  const { compare } = new Intl.Collator(locale());
  return [...keys].sort((a, b) => compare(organisationName(a), organisationName(b)));
});

/** The organisation that is looked at; "" is all. */
export const organisation = computed(() =>
  organisations.value.includes(choices.value.organisation) ? choices.value.organisation : "",
);

/** @type {Signal<Queue[]>} */
const chosenQueues = computed(() => ofChosen(board.value.queues));
/** @type {Signal<Agent[]>} */
export const agents = computed(() => ofChosen(board.value.agents));

/** The queues in the order chosen. @type {Signal<Queue[]>} */
export const queues = computed(() => {
  const before = shown;
  const all = chosenQueues.value;
  const wanted =
    choices.value.order === "name" && !wall.value
      ? byName(all, queueName, locale())
      : troubleFirst(all, now.value, queueName, locale());
  const next = pointedAt.value ? held(wanted, before) : wanted;
  if (next.length !== before.length || next.some((one, at) => one !== before[at])) shown = next;
  return shown;
});
/** @type {Queue[]} */
let shown = [];

/** Queues where somebody waits longer than the target. @type {Signal<Queue[]>} */
export const over = computed(() => queues.value.filter((queue) => worst(queue, now.value) === OVER));

/** Who waits for a skill that nobody has, in the queues in sight: {gap, queue}. */
export const gaps = computed(() => {
  const known = new Map(chosenQueues.value.map((queue) => [queue.queue, queue]));
  return board.value.uncovered.flatMap((gap) => {
    const queue = known.get(gap.queue);
    return queue ? [{ gap, queue }] : [];
  });
});

export const totals = computed(() => sums(chosenQueues.value.flatMap((queue) => queue.lines)));

/** @template {{organisation: string}} T @param {T[]} all */
function ofChosen(all) {
  const one = organisation.value;
  return one ? all.filter((each) => each.organisation === one) : all;
}

/** @param {string} key */
export function organisationName(key) {
  return named(organisationNames.value[key], key);
}

/** @param {Queue} queue */
export function queueName(queue) {
  return named(queue.name, queue.queue);
}
