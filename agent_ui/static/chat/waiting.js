// While nobody has answered yet: where one stands in the line, and what can be done meanwhile.

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { announce } from "../common/announce.js";
import { clockTime, locale } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { waitText } from "../common/wait.js";
import { openChange } from "./changing.js";
import { openLeaving } from "./leaving.js";
import { anythingSaid, state } from "./model.js";
import { placeText, waitingTitle } from "./react.js";

/** @import {State} from "./types.js" */

/** How long it will last yet, where somebody can say. @param {State} state */
function bandText({ staffed, wait, closesAt }) {
  if (staffed && wait) return t(...waitText(wait.low_s, wait.high_s, locale()));
  return staffed && closesAt ? t("chat.estimate.closing", { time: clockTime(closesAt) }) : "";
}

const CALM_MS = 60_000; // between two estimates that are read aloud
let saidAt = -Infinity;

/** @param {string} band */
function say(band) {
  if (!band || performance.now() - saidAt < CALM_MS) return;
  saidAt = performance.now();
  announce(band);
}

/** The place in line. It is read aloud by the announcer, more rarely than it changes. */
export function Waiting() {
  const { place, staffed, phase, offers } = state.value;
  const band = phase === "waiting" && place ? bandText(state.value) : "";
  useEffect(() => say(band), [band]);
  if (phase !== "waiting" || !place) return null;
  return html`<section class=${`waiting ${staffed ? "" : "waiting-unstaffed"}`} aria-labelledby="waiting-title">
    <span class="place" aria-hidden="true">${staffed ? place : html`<${Icon} name="clock" />`}</span>
    <div class="grow">
      <h2 id="waiting-title">${waitingTitle(state.value)}</h2>
      <p data-place=${place}>${placeText(state.value)}</p>
      ${band && html`<p data-wait>${band}</p>`}
      ${staffed && html`<p class="soft">${t("chat.waiting.write")}</p>`}
      <div class="row">
        ${offers.includes("callback") && html`<button type="button" class="button small" data-act="call-me"
          onClick=${() => openChange("callback")}><${Icon} name="callback" />${t("chat.change.callback")}</button>`}
        ${staffed && anythingSaid.value && offers.includes("mail") && html`<button type="button" class="button small"
          data-act="write-me" onClick=${() => openChange("mail")}><${Icon} name="mail" />${t("chat.change.mail")}</button>`}
        ${!staffed && html`<button type="button" class="button small" data-act="leave" onClick=${openLeaving}>
          <${Icon} name="mail" />${t("chat.leave.open")}</button>`}
      </div>
    </div>
  </section>`;
}
