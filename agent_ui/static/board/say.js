// What screen readers are told without asking: little. That figures went old, that they are live
// again, that a queue went over its target. Never a figure that merely moved.

import { computed, effect } from "@preact/signals";
import { announce } from "../common/announce.js";
import { t, tn } from "../common/i18n.js";
import { STALE_MS } from "./age.js";
import { age, connection, over, queueName, ready } from "./model.js";
import { sums } from "./rules.js";
import { count } from "./text.js";

/** @import {Queue} from "./types.js" */

const QUIET_MS = 5 * 60_000; // a queue that goes over and back is told of once in this time

/** Say it from now on. */
export function startSaying() {
  sayAge();
  sayOver();
  effect(() => {
    const { link } = connection.value;
    if (link === "forbidden") announce(t("board.link.forbidden"));
  });
}

function sayAge() {
  const old = computed(() => ready.value && age.value > STALE_MS);
  let was = false;
  effect(() => {
    if (old.value === was) return;
    was = old.value;
    announce(t(was ? "board.say.old" : "board.say.live"));
  });
}

function sayOver() {
  /** @type {Map<string, number>} */
  const said = new Map();
  /** @type {Set<string>} */
  let before = new Set();
  effect(() => {
    const now = performance.now();
    const came = over.value.filter(({ id }) => !before.has(id) && now - (said.get(id) ?? -Infinity) > QUIET_MS);
    before = new Set(over.value.map((queue) => queue.id));
    for (const { id } of came) said.set(id, now);
    if (came.length) announce(overText(came));
  });
}

/** @param {Queue[]} came */
function overText(came) {
  const names = came.map(queueName).join(", ");
  const waiting = came.reduce((total, queue) => total + sums(queue.lines).waiting, 0);
  return `${tn("board.say.over", came.length, { n: count(came.length), names })} ${tn("board.say.waiting", waiting, { n: count(waiting) })}`;
}
