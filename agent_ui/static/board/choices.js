// How this browser's board is set: the order, what is folded, the organisation.

import { signal } from "@preact/signals";

/** @typedef {object} Choices
 * @property {"trouble" | "name"} order
 * @property {string[]} unfolded queues whose channels are shown
 * @property {string[]} folded states whose agents are not
 * @property {string} organisation "" is all */

const KEPT = "contactcenter.board";

/** @returns {Choices} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return {
      order: found.order === "name" ? "name" : "trouble",
      unfolded: texts(found.unfolded) ?? [],
      folded: texts(found.folded) ?? ["offline"],
      organisation: typeof found.organisation === "string" ? found.organisation : "",
    };
  } catch {
    return { order: "trouble", unfolded: [], folded: ["offline"], organisation: "" };
  }
}

/** @param {unknown} found */
function texts(found) {
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : null;
}

export const choices = signal(kept());

/** Change a choice and keep it. @param {Partial<Choices>} change */
export function choose(change) {
  choices.value = { ...choices.value, ...change };
  localStorage.setItem(KEPT, JSON.stringify(choices.value));
}

/** Put into a list what is not there, and take out what is.
 * @param {"unfolded" | "folded"} list @param {string} one */
export function toggle(list, one) {
  const now = choices.value[list];
  choose({ [list]: now.includes(one) ? now.filter((other) => other !== one) : [...now, one] });
}
