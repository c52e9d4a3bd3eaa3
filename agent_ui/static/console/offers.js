// Contacts offered to me, each with the time that is left.

import { html } from "htm/preact";
import { tick } from "../common/clock.js";
import { clockTime, countdown, dateTime, isToday, languageWord } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Menu } from "../common/menu.js";
import { settings } from "../common/settings.js";
import { choices } from "./decline.js";
import { accept } from "./desk.js";
import { isAsked, online, state } from "./model.js";
import { Promised, Tries } from "./call_box.js";
import { personName, queueName } from "./react.js";
import { room } from "./room.js";
import { Since } from "./state_menu.js";

/** @import {Offer} from "./types.js" */

const SOON_S = 10;

/** The running out of an offer. @param {{offer: Offer}} props */
function TimeLeft({ offer }) {
  const left = Math.max(0, (offer.endsAt - Math.max(tick.value, performance.now())) / 1000);
  return html`<span class="time-left" data-soon=${left <= SOON_S}>
    <progress aria-hidden="true" max=${offer.total_s} value=${left}></progress>
    <span class="numbers" role="timer" aria-label=${t("console.offer.time_left")}>${countdown(left)}</span>
  </span>`;
}

/** The moment it arrived: of today the time, else the date too. @param {string} iso */
function arrival(iso) {
  return isToday(iso) ? clockTime(iso) : dateTime(iso);
}

/** What it is, so that no two are taken for the same. @param {{offer: Offer}} props */
function What({ offer }) {
  const card = offer.contact;
  return html`<div class="offer-what">
    <p class="offer-channel"><${Icon} name=${card.channel} />
      <span id=${`offer-${offer.offer}`}><strong>${t(`channel.${card.channel}`)}</strong>, ${languageWord(card.language)}
        <span class="hidden">, ${personName(card)}</span></span>
      <${TimeLeft} offer=${offer} /></p>
    <p class="offer-person">${personName(card)}</p>
    <p class="offer-queue">${queueName(card.queue)}</p>
    ${card.callback && html`<p class="offer-call"><${Promised} callback=${card.callback} /> <${Tries} callback=${card.callback} /></p>`}
    <p class="meta">${t("console.offer.arrived")} <time class="numbers" datetime=${card.first_arrival}>
      ${arrival(card.first_arrival)}</time>, ${t("console.offer.waited")}${" "}<${Since} from=${card.first_arrival} /></p>
  </div>`;
}

/** @param {{offer: Offer, first: boolean}} props */
function OfferCard({ offer, first }) {
  const card = offer.contact;
  const busy = isAsked("accept", offer.offer) || isAsked("decline", offer.offer);
  const keys = first && settings.value.shortcuts;
  return html`<li class=${`offer offer-${card.channel}`} aria-busy=${busy}>
    <${What} offer=${offer} />
    <div class="row">
      <button type="button" class="button primary grow" data-act="accept" aria-describedby=${`offer-${offer.offer}`}
        disabled=${busy || !online.value}
        aria-keyshortcuts=${keys ? "a" : undefined} onClick=${() => accept(offer.offer, card.contact)}>
        ${t("console.offer.accept")} ${keys && html`<kbd aria-hidden="true">A</kbd>`}</button>
      <${Menu} name="decline" label=${t("console.decline.why")} items=${choices(offer)} class="button"
        keys=${keys ? "d" : undefined} disabled=${busy || !online.value}>
        ${t("console.offer.decline")} ${keys && html`<kbd aria-hidden="true">D</kbd>`}</${Menu}>
    </div>
  </li>`;
}

/** What to expect where nothing is offered. */
function nothing() {
  if (state.value.status?.value !== "available") return html`<p class="empty">${t("console.offer.none_away")}</p>`;
  const { taken, capacity, why } = room(state.value);
  return html`<p class="empty" data-why=${why}>${why ? t(`console.room.${why}`, { taken, capacity }) : t("console.offer.none")}</p>`;
}

/** The offers. */
export function Offers() {
  const { offers } = state.value;
  return html`<section class="offers" data-region aria-labelledby="offers-title">
    <h2 id="offers-title" tabindex="-1">${t("console.offer.title")}
      ${offers.length > 0 && html`<span class="count">${offers.length}</span>`}</h2>
    ${offers.length > 0
      ? html`<ul class="plain">
          ${offers.map((offer, n) => html`<${OfferCard} key=${offer.offer} offer=${offer} first=${n === 0} />`)}
        </ul>`
      : nothing()}
  </section>`;
}
