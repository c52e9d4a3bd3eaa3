// What changes elsewhere on the screen is said aloud, calmly.

import { announce } from "../common/announce.js";
import { t } from "../common/i18n.js";

/** @import {Frame, State} from "./types.js" */

const CALM_MS = 20_000;
let saidAt = -Infinity;
let saidPlace = 0;

/** @param {State} before @param {State} after @param {Frame} frame */
export function react(before, after, frame) {
  if (frame.type === "waiting") sayPlace(before, after);
  else if (frame.type === "closed" && before.phase !== "closed") announce(t("chat.say.closed"));
}

/** A line that moves fast is not read out at every step.
 * @param {State} before @param {State} after */
function sayPlace(before, after) {
  const { place, lost, staffed } = after;
  const now = performance.now();
  const news = before.phase !== "waiting" || before.lost !== lost || before.staffed !== staffed;
  if (!news && (place === saidPlace || (now - saidAt < CALM_MS && place !== 1))) return;
  saidAt = now;
  saidPlace = place;
  announce(`${news ? `${waitingTitle(after)} ` : ""}${placeText(after)}`);
}

/** @param {State} state */
export function waitingTitle({ staffed, lost }) {
  if (lost) return t("chat.waiting.again");
  return t(staffed ? "chat.waiting.title" : "chat.waiting.unstaffed");
}

/** @param {State} state */
export function placeText({ place, staffed }) {
  if (!staffed) return t("chat.waiting.unstaffed_lead");
  return place === 1 ? t("chat.waiting.first") : t("chat.waiting.place", { n: place });
}
