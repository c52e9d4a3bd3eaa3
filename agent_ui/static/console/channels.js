// What a contact's channel lets an agent do. Pure.

/** @import {Card} from "./types.js" */

const BY_HAND = new Set(["call", "visit", "letter"]);
const WRITTEN = new Set(["mail", "chat"]);
const SPOKEN = new Set(["call", "visit", "callback"]);

/** Whether agents begin such contacts, and say who the person is. @param {Card} card */
export function isByHand(card) {
  return BY_HAND.has(card.channel);
}

/** Whether what the agent writes can reach the citizen. @param {Card} card */
export function canWrite(card) {
  return WRITTEN.has(card.channel);
}

/** Whether the person is there and can be asked to wait. @param {Card} card */
export function canHold(card) {
  return card.state === "active" && SPOKEN.has(card.channel);
}

/** Whether nobody might need to answer it. @param {Card} card */
export function canBeSpam(card) {
  return card.channel === "mail" && card.direction === "citizen";
}
