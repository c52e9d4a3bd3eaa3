// How much of me is taken up, in units, as the router counts it: a call takes all.

/** @import {State} from "./types.js" */

const EXCLUSIVE = ["call", "callback", "visit"];

/** Units that are taken up, by what is in hand and what is offered; and why nothing more is
 * offered where that is the reason: the channel that takes all, `full` (mail would give way to who
 * is there) or `full_live`.
 * @param {State} state
 * @returns {{taken: number, capacity: number, why: "call" | "callback" | "visit" | "full" | "full_live" | null}} */
export function room(state) {
  const cards = Object.values(state.contacts);
  const all = [...cards, ...state.offers.map((one) => one.contact)];
  const taken = all.reduce((sum, card) => sum + (card.units ?? 1), 0);
  const capacity = state.me?.capacity ?? 0;
  return { taken: Math.min(taken, capacity), capacity, why: why(cards, taken >= capacity) };
}

/** @param {import("./types.js").Card[]} cards @param {boolean} full */
function why(cards, full) {
  const one = cards.find((card) => EXCLUSIVE.includes(card.channel));
  if (one) return /** @type {"call" | "callback" | "visit"} */ (one.channel);
  if (!full) return null;
  return cards.some((card) => card.channel === "mail" && !card.paused_from) ? "full" : "full_live";
}
