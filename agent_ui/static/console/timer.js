// How long the agent has been at it, of what is done by talking, or by hand.

import { html } from "htm/preact";
import { tick } from "../common/clock.js";
import { secondsSince, stopwatch } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { settings } from "../common/settings.js";
import { turnHold } from "./by_hand.js";
import { canHold } from "./channels.js";
import { isAsked, online } from "./model.js";

/** @import {Card} from "./types.js" */

/** A moment ago, to the second. @param {{from: string}} props */
function Running({ from }) {
  void tick.value;
  return html`<span class="numbers">${stopwatch(secondsSince(from))}</span>`;
}

/** Since when the person waits on hold. @param {Card} card */
function heldFrom(card) {
  return card.state === "active" ? card.held_from : null;
}

/** The one time that counts just now, where there is little room. @param {{card: Card}} props */
export function ShortTimer({ card }) {
  const held = heldFrom(card);
  if (!held) return html`<${Timer} card=${card} />`;
  return html`<span class="timer timer-held"><${Icon} name="pause" />
    <span class="hidden">${t("console.timer.held")}${" "}</span><${Running} from=${held} /></span>`;
}

/** Handling time since it was accepted, wrap-up with it; how long the person waits on hold.
 * @param {{card: Card}} props */
export function Timer({ card }) {
  if (!card.accepted) return null;
  const held = heldFrom(card);
  return html`<span class="timer" data-held=${Boolean(held)}>
    <span class="timer-time" role="timer" aria-label=${t("console.timer.label")}>
      <${Icon} name=${held ? "pause" : "clock"} /><${Running} from=${card.accepted} /></span>
    ${held && html`<span class="timer-held">${t("console.timer.held")} <${Running} from=${held} /></span>`}
  </span>`;
}

/** The timer, and the way to hold. @param {{card: Card}} props */
export function Handling({ card }) {
  const keys = settings.value.shortcuts;
  const verb = card.held_from ? "unhold" : "hold";
  return html`<div class="handling"><${Timer} card=${card} />
    ${canHold(card) && html`<button type="button" class="button small" data-act="hold" aria-pressed=${Boolean(card.held_from)}
      aria-keyshortcuts=${keys ? "h" : undefined} onClick=${() => turnHold(card)}
      disabled=${!online.value || isAsked(verb, card.contact)}>
      <${Icon} name=${card.held_from ? "play" : "pause"} />${t(`console.timer.${verb}`)}
      ${keys && html`<kbd aria-hidden="true">H</kbd>`}</button>`}
  </div>`;
}
