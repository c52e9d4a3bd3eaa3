// What became of a mail that leaves the house, and what the agent can do about it.

import { html } from "htm/preact";
import { clockTime, dateTime, isToday } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { arrived, resend } from "./mail_acts.js";
import { cameBack, reasonOf } from "./mail_words.js";
import { isAsked, online } from "./model.js";

/** @import {Delivery} from "./types.js" */

/** @type {Record<string, string>} */
const ICONS = { queued: "clock", sending: "send", sent: "check", failed: "alert", unknown: "unknown" };

/** Why another server said no: in our words where its status has any, and in its own.
 * @param {{code: string | null | undefined}} props */
export function Reason({ code }) {
  if (!code) return null;
  const known = reasonOf(code);
  return known
    ? html`<span class="code">${t(`delivery.reason.${known}`)} (${code})</span>`
    : html`<span class="code">${code}</span>`;
}

/** A moment of today by the clock alone. @param {string} iso */
function moment(iso) {
  return isToday(iso) ? clockTime(iso) : dateTime(iso);
}

/** How it stands, in a line. @param {Delivery} delivery */
function said({ state, code, next_at, refused }) {
  if (state === "queued" && next_at) return t("delivery.again_at", { time: moment(next_at) });
  if (state === "failed" && cameBack(code)) return t("delivery.came_back");
  if (state === "sent" && refused?.length) return t("delivery.partly");
  return t(`delivery.${state}`);
}

/** Whom the relay will not take it for, and who has it already. @param {{delivery: Delivery}} props */
function Whom({ delivery }) {
  const { refused = [], taken = [] } = delivery;
  return html`${refused.length > 0 && html`<div class="whom"><p>${t("delivery.refused")}</p>
      <ul class="plain">${refused.map((one) => html`<li key=${one.address}>${one.address}${" "}
        <${Reason} code=${one.code} /></li>`)}</ul></div>`}
    ${taken.length > 0 && html`<div class="whom"><p>${t("delivery.taken")}</p>
      <ul class="plain">${taken.map((one) => html`<li key=${one}>${one}</li>`)}</ul></div>`}`;
}

/** The act that may help, by its text; null where none does. @param {Delivery} delivery */
function again({ state, attempts = 0, next_at, refused }) {
  if (state === "queued") return attempts > 0 || next_at ? "delivery.try_now" : null;
  if (state === "sent") return refused?.length ? "delivery.resend_refused" : null;
  return state === "failed" || state === "unknown" ? "delivery.resend" : null;
}

/** @param {{delivery: Delivery}} props */
export function DeliveryState({ delivery }) {
  const { state, code, send_id, attempts = 0, next_at, delayed_at, delay_code, refused } = delivery;
  const retried = state === "queued" && next_at !== undefined && next_at !== null;
  const look = state === "sent" && refused?.length ? "failed" : retried || (delayed_at && state === "sent") ? "late" : state;
  const busy = !online.value || isAsked("resend", send_id) || isAsked("arrived", send_id);
  const help = again(delivery);
  return html`<div class=${`delivery delivery-${look}`} data-delivery=${state}>
    <p><${Icon} name=${look === "failed" ? "alert" : retried ? "clock" : ICONS[state] ?? "help"} />
      <span>${said(delivery)}${(state === "failed" || retried) && html`<br /><${Reason} code=${code} />`}</span></p>
    ${retried && html`<p class="explained">${t("delivery.again_explained", { n: attempts })}</p>`}
    ${state === "unknown" && html`<p class="explained">${t("delivery.unknown_explained")}</p>`}
    ${state === "sent" && delayed_at && html`<p class="explained" data-delayed="true">
      <span>${t("delivery.delayed", { time: moment(delayed_at) })}<br /><${Reason} code=${delay_code} /></span></p>`}
    <${Whom} delivery=${delivery} />
    ${help && html`<div class="row">
      <button type="button" class="button small" data-act="resend" disabled=${busy}
        onClick=${() => resend(send_id, state)}>${t(help)}</button>
      ${state === "unknown" && html`<button type="button" class="button small" data-act="arrived"
        disabled=${busy} onClick=${() => arrived(send_id)}>${t("delivery.arrived")}</button>`}
    </div>`}
  </div>`;
}
