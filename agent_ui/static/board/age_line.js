// How old the figures are, always in sight: old figures must never look live.

import { html } from "htm/preact";
import { tick } from "../common/clock.js";
import { locale } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { reconnect } from "./desk.js";
import { age, board, connection, failure, figures, now, ready, stale } from "./model.js";
import { ageText } from "./text.js";

/** The age, with a sign and a word. */
export function Age() {
  if (!ready.value) return null;
  const old = stale.value;
  return html`<p class=${old ? "age age-old" : "age"} data-stale=${old} data-at=${board.value.at}>
    <${Icon} name=${old ? "alert" : "check"} />
    <strong>${t(old ? "board.age.old" : "board.age.live")}</strong>
    <span class="numbers age-text">${t("board.age", { time: ageText(age.value) })}</span></p>`;
}

/** @param {number} at @param {string | null} zone null: this computer's own
 * @param {Intl.DateTimeFormatOptions} options */
function inZone(at, zone, options) {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone ?? undefined }).format(at);
}

/** The day that the figures count, and where it is that day; where organisations have several time
 * zones, each counts its own. */
export function Today() {
  if (!ready.value) return null;
  const { zone } = board.value;
  const day = inZone(now.value, zone, { weekday: "long", day: "numeric", month: "long" });
  return html`<p class="today"><span>${day}</span>
    <span class="numbers">${inZone(now.value, zone, { hour: "2-digit", minute: "2-digit" })}</span>
    <span class="meta">${zone
      ? t("board.since_midnight", { zone: zone.replaceAll("_", " ") })
      : t("board.since_midnights")}</span></p>`;
}

/** Seconds to the next try. */
function RetryIn() {
  const left = Math.ceil((connection.value.retryAt - Math.max(tick.value, performance.now())) / 1000);
  return left < 1 ? null : html`<span aria-hidden="true"> ${t("console.link.retry_in", { n: left })}</span>`;
}

/** What is wrong, what it means, what to do. Said aloud by say.js, once. */
export function Banner() {
  const { link } = connection.value;
  const trouble = link === "online" || link === "connecting" ? (stale.value ? "old" : "") : link;
  const said = trouble === "offline" && !ready.value ? "unreachable" : trouble;
  const at = figures.value?.at;
  const since = at ? inZone(at, board.value.zone, { timeStyle: "medium" }) : "";
  return html`<div class="banner-place">
    ${failure.value && html`<p class="banner" role="alert">${failure.value}</p>`}
    ${trouble && html`<div class=${`banner banner-${trouble}`} data-link=${link}>
      <${Icon} name="alert" />
      <p class="grow"><strong>${t(`board.link.${said}`)}</strong>
        ${since && link !== "forbidden" ? ` ${t("board.link.as_of", { time: since })}` : ""}
        ${link === "offline" && html`<${RetryIn} />`}</p>
      ${link === "offline" && html`<button type="button" class="button small" onClick=${reconnect}>${t("console.link.try_now")}</button>`}
      ${link === "forbidden" && html`<a class="button small" href="/console">${t("console.title")}</a>`}
    </div>`}
  </div>`;
}
