// Across the top while something is wrong with the connection: what it means, what to do.

import { html } from "htm/preact";
import { tick } from "../common/clock.js";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { reconnect } from "./desk.js";
import { connection, outbox, state } from "./model.js";

/** Seconds to the next try. */
function RetryIn() {
  const left = Math.ceil((connection.value.retryAt - Math.max(tick.value, performance.now())) / 1000);
  if (left < 1) return null;
  // Not read aloud every second.
  return html`<span aria-hidden="true"> ${t("console.link.retry_in", { n: left })}</span>`;
}

/** The connection's trouble, if any. */
export function Banner() {
  const { link } = connection.value;
  const quiet = link === "online" || (link === "connecting" && !state.value.ready);
  const waiting = outbox.value.length;
  const again = link === "offline" || link === "replaced";
  return html`<div role="status" class="banner-place">
    ${!quiet && html`<div class=${`banner banner-${link}`} data-link=${link}>
      <${Icon} name="alert" />
      <p class="grow"><strong>${t(`console.link.${link}`)}</strong>
        ${" "}${waiting > 0 && (link === "offline" || link === "connecting") ? tn("console.link.unsent", waiting) : ""}
        ${link === "offline" && html`<${RetryIn} />`}</p>
      ${again && html`<button type="button" class="button small" onClick=${reconnect}>
        ${t(link === "replaced" ? "console.link.use_here" : "console.link.try_now")}</button>`}
      ${link === "forbidden" && html`<a class="button small" href="/login">${t("console.link.sign_in")}</a>`}
    </div>`}
  </div>`;
}
