// When the chat is over, or elsewhere: why, and what can be done.

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { dayAndTime } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { again, reconnect } from "./chat.js";
import { openLeaving } from "./leaving.js";
import { address, anythingSaid, state } from "./model.js";

const REASONS = ["agent", "left", "idle", "expired", "queue_closed", "changed"];

/** The page on which the matter goes on. @type {import("@preact/signals").Signal<string | undefined>} */
export const casePage = signal(undefined);

/** Why it ended, in words. */
export function Closed() {
  const { reason, opensAt, mayLeave } = state.value;
  const known = REASONS.includes(reason ?? "") ? reason : "agent";
  const shut = reason === "queue_closed";
  return html`<section class=${`ended ${anythingSaid.value ? "" : "centre"}`} data-reason=${reason}>
    <span class="face big" aria-hidden="true"><${Icon} name=${shut ? "clock" : "check"} /></span>
    <h2 tabindex="-1" data-first>${t(`chat.closed.${known}`)}</h2>
    <p class="soft">${shut && opensAt ? t("chat.closed.opens", { time: dayAndTime(opensAt) }) : t(`chat.closed.${known}_lead`)}</p>
    ${casePage.value && html`<p><a href=${casePage.value} target="_blank" rel="noopener">${t("chat.closed.case")}</a></p>`}
    <div class="actions">
      ${mayLeave && html`<button type="button" class="button primary" data-act="leave" onClick=${openLeaving}>
        <${Icon} name="mail" />${t("chat.leave.open")}</button>`}
      <button type="button" class=${`button ${mayLeave ? "" : "primary"}`} data-act="again" onClick=${again}>
        <${Icon} name="chat" />${t(shut ? "chat.closed.try" : "chat.closed.again")}</button>
    </div>
  </section>`;
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
