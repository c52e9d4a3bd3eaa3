// A call that the city owes: the number, what was promised, and what came of each try.

import { html } from "htm/preact";
import { announce } from "../common/announce.js";
import { tick } from "../common/clock.js";
import { clockTime, duration, serverNow_ms, span } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { settings } from "../common/settings.js";
import { dial } from "./by_hand.js";
import { isSettled, standing, tryNumber } from "./callback.js";
import { Outcomes } from "./outcomes.js";

/** @import {Callback, Card} from "./types.js" */

/** What was promised. @param {{callback: Callback}} props */
export function Promised({ callback }) {
  const { promise } = callback;
  if (!promise) return html`<span>${t("console.call.soon")}</span>`;
  return html`<strong class="numbers">${t("console.call.promised", { span: span(promise.from, promise.to) })}</strong>`;
}

/** How the promise stands now. @param {{callback: Callback}} props */
function Standing({ callback }) {
  void tick.value;
  const now = standing(callback, serverNow_ms());
  if (!now || (isSettled(callback) && now.key !== "kept")) return null;
  return html`<span class=${`chip chip-promise-${now.key}`}>${t(`console.call.${now.key}`, { time: duration(now.seconds) })}</span>`;
}

/** Which try this is. @param {{callback: Callback}} props */
export function Tries({ callback }) {
  const words = { n: tryNumber(callback), most: callback.most };
  return html`<span class="meta">${t("console.call.try", words)}${callback.outcome && !isSettled(callback)
    && html`, ${t("console.call.last", { outcome: t(`console.call.was.${callback.outcome}`) })}`}</span>`;
}

/** The number as people read it, and as the telephone takes it. @param {{card: Card, callback: Callback}} props */
function Number({ card, callback }) {
  const keys = settings.value.shortcuts;
  const copy = async () => {
    await navigator.clipboard.writeText(callback.number ?? "");
    announce(t("console.call.copied"));
  };
  return html`<div class="call-number">
    <a class="call-link" href=${`tel:${callback.number}`} data-act="dial" aria-keyshortcuts=${keys ? "l" : undefined}
      onClick=${() => dial(card)}><${Icon} name="call" />
      <span class="hidden">${t("console.call.dial")} </span><span class="numbers">${callback.shown}</span>
      ${keys && html`<kbd aria-hidden="true">L</kbd>`}</a>
    ${navigator.clipboard && html`<button type="button" class="button small" data-act="copy" onClick=${copy}>
      ${t("console.call.copy")}</button>`}
  </div>`;
}

/** Over the messages of a callback. @param {{card: Card}} props */
export function CallBox({ card }) {
  const callback = card.callback;
  if (!callback) return null;
  const { dialled_at, outcome } = callback;
  const open = card.state === "active" && !isSettled(callback);
  return html`<section class="call-box" aria-label=${t("channel.callback")}>
    <div class="call-head">
      ${callback.number && html`<${Number} card=${card} callback=${callback} />`}
      <p class="call-facts"><${Promised} callback=${callback} /> <${Standing} callback=${callback} />
        <${Tries} callback=${callback} />
        ${dialled_at && html`<span class="meta">${t("console.call.dialled", { time: clockTime(dialled_at) })}</span>`}</p>
    </div>
    ${open && html`<${Outcomes} key=${card.contact} card=${card} callback=${callback} />`}
    ${!open && outcome && html`<p class="call-result" role="status"><${Icon} name=${outcome === "reached" ? "check" : "alert"} />
      ${t(`console.call.then.${outcome === "reached" ? "reached" : "wrong_number"}`)}</p>`}
  </section>`;
}
