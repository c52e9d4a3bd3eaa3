// Whether the citizen of a chat is there: writing, away, or gone for good.

import { html } from "htm/preact";
import { tick } from "../common/clock.js";
import { clockTime } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { ask } from "./desk.js";
import { online, state } from "./model.js";
import { personName } from "./react.js";
import { wrapUp } from "./shortcuts.js";
import { Since } from "./state_menu.js";

/** @import {Card} from "./types.js" */

const TYPING_MS = 5_000;

/** Whether the citizen is writing just now. @param {Card} card */
export function isTyping(card) {
  const at = state.value.typing[card.contact];
  return at !== undefined && online.value && Math.max(tick.value, performance.now()) - at < TYPING_MS;
}

/** Whether the citizen's page is not connected. @param {Card} card */
export function isAway(card) {
  return card.channel === "chat" && card.state === "active" && card.here === false;
}

/** A line that keeps its room, so that nothing jumps. @param {{card: Card}} props */
export function Typing({ card }) {
  return html`<p class="typing meta">${isTyping(card) && html`<span class="typing-dots" aria-hidden="true">
    <i></i><i></i><i></i></span>${t("console.message.typing", { person: personName(card) })}`}</p>`;
}

/** @param {{card: Card}} props */
function Away({ card }) {
  const from = card.away_from;
  return html`<div class="banner banner-chat" data-chat="away"><${Icon} name="out" />
    <p class="grow"><strong>${from
      ? t("console.chat.away_from", { person: personName(card), time: clockTime(from) })
      : t("console.chat.away", { person: personName(card) })}</strong>
      ${from && html`<span aria-hidden="true"> (<${Since} from=${from} />)</span>`}
      ${" "}${t("console.chat.away_explained")}</p></div>`;
}

/** The citizen is silent, and was asked. @param {{card: Card}} props */
function Silent({ card }) {
  const said = { person: personName(card), time: clockTime(card.idle_closes_at ?? "") };
  return html`<div class="banner banner-chat" data-chat="silent"><${Icon} name="clock" />
    <p class="grow"><strong>${t("console.chat.silent", said)}</strong> ${t("console.chat.silent_explained", said)}</p>
    <button type="button" class="button small" data-act="stay"
      onClick=${() => ask("stay", card.contact, { contact: card.contact })}>${t("console.chat.stay")}</button>
  </div>`;
}

/** How a chat ended, in words. @param {Card} card */
export function endedText(card) {
  const { ended } = card;
  return ended === "left" || ended === "idle" || ended === "expired"
    ? t(`console.chat.ended_${ended}`, { person: personName(card) })
    : t("console.chat.ended");
}

/** @param {{card: Card}} props */
function Ended({ card }) {
  return html`<div class="banner banner-chat" data-chat="ended"><${Icon} name="check" />
    <p class="grow"><strong>${endedText(card)}</strong> ${t("console.chat.ended_explained")}</p>
    <button type="button" class="button small" data-act="record" onClick=${wrapUp}>${t("console.chat.record")}</button>
  </div>`;
}

/** Over the messages of a chat while the citizen does not hear. @param {{card: Card}} props */
export function ChatBanner({ card }) {
  return html`<div role="status">
    ${isAway(card) && html`<${Away} card=${card} />`}
    ${card.state === "active" && card.idle_closes_at && html`<${Silent} card=${card} />`}
    ${card.state === "wrap_up" && html`<${Ended} card=${card} />`}
  </div>`;
}
