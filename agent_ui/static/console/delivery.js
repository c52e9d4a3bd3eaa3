// What became of a reply that leaves the house, and what the agent can do about it.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { arrived, resend } from "./desk.js";
import { isAsked, online } from "./model.js";

/** @import {Delivery} from "./types.js" */

/** @type {Record<string, string>} */
const ICONS = { queued: "clock", sending: "send", sent: "check", failed: "alert", unknown: "unknown" };

/** @param {{delivery: Delivery}} props */
export function DeliveryState({ delivery }) {
  const { state, code, send_id } = delivery;
  const trouble = state === "failed" || state === "unknown";
  const why = state === "failed" ? code : null;
  const busy = !online.value || isAsked("resend", send_id) || isAsked("arrived", send_id);
  return html`<div class=${`delivery delivery-${state}`} data-delivery=${state}>
    <p><${Icon} name=${ICONS[state] ?? "help"} />
      <span>${t(`delivery.${state}`)}${why && html` <span class="code">(${why})</span>`}</span></p>
    ${state === "unknown" && html`<p class="explained">${t("delivery.unknown_explained")}</p>`}
    ${trouble && html`<div class="row">
      <button type="button" class="button small" data-act="resend" disabled=${busy}
        onClick=${() => resend(send_id)}>${t("delivery.resend")}</button>
      ${state === "unknown" && html`<button type="button" class="button small" data-act="arrived"
        disabled=${busy} onClick=${() => arrived(send_id)}>${t("delivery.arrived")}</button>`}
    </div>`}
  </div>`;
}
