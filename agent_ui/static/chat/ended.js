// When the chat is over, or elsewhere: why, and what can be done.

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { dayAndTime } from "../common/format.js";
import { language, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { openChange } from "./changing.js";
import { again, choose, reconnect } from "./chat.js";
import { openLeaving } from "./leaving.js";
import { address, anythingSaid, given, matter, state } from "./model.js";
import { Hours } from "./start.js";

const REASONS = ["agent", "left", "idle", "expired", "queue_closed", "changed"];

/** The frame that ended it: where the matter goes on, and where to say how it went.
 * @type {import("@preact/signals").Signal<import("./types.js").Frame>} */
export const closing = signal({ type: "closed" });

const GOES_ON = new Set(["left", "idle", "expired"]);

/** The other doors, to those who may not be done. */
function Doors() {
  const { offers, reason } = state.value;
  if (!GOES_ON.has(reason ?? "")) return null;
  const to = `queue=${encodeURIComponent(matter.value?.queue ?? "")}&lang=${language.value}`;
  return html`
    ${offers.includes("callback") && html`<li><${Way} href=${`/callback?${to}`} text="be_called" /></li>`}
    ${offers.includes("mail") && html`<li><${Way} href=${`/message?${to}`} text="write" /></li>`}`;
}

/** Why it ended, in words. */
export function Closed() {
  const { reason, opensAt, mayLeave, mayCall, leftFrom, phone } = state.value;
  const { case_url, feedback_url } = closing.value;
  const other = given.chooses && html`<button type="button" class="button quiet" data-act="topics"
    onClick=${() => choose(null)}>${t("chat.closed.topics")}</button>`;
  const left = reason === "left" && leftFrom === "waiting" ? "left_waiting" : reason;
  const known = left === "left_waiting" || REASONS.includes(left ?? "") ? left : "agent";
  const shut = reason === "queue_closed";
  return html`<section class=${`ended ${anythingSaid.value ? "" : "centre"}`} data-reason=${reason}>
    <span class="face big" aria-hidden="true"><${Icon} name=${shut ? "clock" : "check"} /></span>
    <h2 tabindex="-1" data-first>${t(`chat.closed.${known}`)}</h2>
    <p class="soft">${shut && opensAt ? t("chat.closed.opens", { time: dayAndTime(opensAt) }) : shut ? "" : t(`chat.closed.${known}_lead`)}
      ${shut && ` ${t(instead(mayLeave, mayCall))}`}</p>
    <ul class="plain ways">
      ${feedback_url && html`<li><${Way} href=${feedback_url} text="feedback" /></li>`}
      ${case_url && anythingSaid.value && html`<li><${Way} href=${`${case_url}#transcript-section`} text="transcript" /></li>`}
      ${case_url && html`<li><${Way} href=${case_url} text="case" /></li>`}
      <${Doors} />
    </ul>
    <div class="actions">
      ${mayLeave && html`<button type="button" class="button primary" data-act="leave" onClick=${openLeaving}>
        <${Icon} name="mail" />${t("chat.leave.open")}</button>`}
      ${mayCall && html`<button type="button" class=${`button ${mayLeave ? "" : "primary"}`} data-act="call-me" onClick=${() => openChange("callback")}>
        <${Icon} name="callback" />${t("chat.closed.call")}</button>`}
      <button type="button" class=${`button ${mayLeave || mayCall ? "" : "primary"}`} data-act="again" onClick=${again}>
        <${Icon} name="chat" />${t(shut ? "chat.closed.try" : "chat.closed.again")}</button>
      ${phone && html`<a class="button" data-act="phone" href=${phone.link}><${Icon} name="callback" />${t("chat.closed.phone", { number: phone.number })}</a>`}
      ${other}
    </div>
    ${shut && html`<${Hours} />`}
  </section>`;
}

/** @param {{href: string, text: string}} p */
function Way({ href, text }) {
  return html`<a href=${href} target="_blank" rel="noopener">${t(`chat.closed.${text}`)}</a>`;
}

/** What can be done instead of a chat. @param {boolean} leave @param {boolean} call */
function instead(leave, call) {
  if (leave && call) return "chat.closed.instead_both";
  return leave ? "chat.closed.queue_closed_lead" : call ? "chat.closed.instead_call" : "chat.closed.instead_none";
}

/** Another tab has the chat. */
export function Replaced() {
  return html`<section class="ended" data-reason="replaced">
    <h2 tabindex="-1" data-first>${t("chat.replaced")}</h2>
    <p class="soft">${t("chat.replaced_lead")}</p>
    <div class="actions"><button type="button" class="button primary" data-act="here" onClick=${reconnect}>
      ${t("chat.replaced.here")}</button></div>
  </section>`;
}

/** The message is left. */
export function Left() {
  return html`<section class="ended centre" data-reason="left_message">
    <span class="face big" aria-hidden="true"><${Icon} name="check" /></span>
    <h2 tabindex="-1" data-first>${t("chat.left")}</h2>
    <p class="soft">${t("chat.left_lead")} <strong>${address.value}</strong></p>
    <div class="actions"><button type="button" class="button" data-act="again" onClick=${again}>
      <${Icon} name="chat" />${t("chat.closed.again")}</button></div>
  </section>`;
}
