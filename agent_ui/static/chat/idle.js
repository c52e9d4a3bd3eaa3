// After a long silence the citizen is asked whether they are still there. One press, or any key in
// the text box, is the answer, and it may be given as often as wanted (WCAG 2.2.1).

import { html } from "htm/preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { state } from "./model.js";
import { send } from "./sending.js";

/** @import {Frame} from "./types.js" */

const JUST_NOW_MS = 60_000;
let typedAt = -Infinity;

/** Say that somebody is here. */
function stay() {
  return send({ type: "stay" });
}

/** A key was pressed in the text box. */
export function typed() {
  typedAt = performance.now();
  if (state.value.idleAt) stay();
}

/** Who is writing just now need not be asked. @param {Frame} frame */
export function hearIdle(frame) {
  if (frame.type !== "idle") return;
  if (!frame.closes_at) announce(t("chat.idle.goes_on"));
  else if (performance.now() - typedAt < JUST_NOW_MS) stay();
}

/** Minutes and seconds that are left. @param {number} until monotonic milliseconds */
function left(until) {
  const all = Math.max(0, Math.ceil((until - performance.now()) / 1_000));
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}

/** How long there is to answer. @param {number} until monotonic milliseconds */
function inWords(until) {
  const all = Math.max(0, (until - performance.now()) / 1_000);
  if (all < 90) return t("chat.idle.lead_s", { n: Math.max(1, Math.floor(all / 10)) * 10 });
  return t("chat.idle.lead", { n: Math.round(all / 60) });
}

/** Counts down for the eye; a reader hears once how long there is. @param {{until: number}} props */
function Countdown({ until }) {
  const [shown, show] = useState(left(until));
  useEffect(() => {
    const timer = setInterval(() => show(left(until)), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return html`<span class="numbers" aria-hidden="true"> (${shown})</span>`;
}

/** The question. */
export function Idle() {
  const until = state.value.idleAt;
  const lead = useMemo(() => (until ? inWords(until) : ""), [until]); // read aloud once
  if (!until) return null;
  const here = () => {
    if (stay()) document.getElementById("composer")?.focus();
  };
  return html`<div class="banner idle" role="alert" data-idle>
    <${Icon} name="clock" />
    <p class="grow"><strong>${t("chat.idle.title")}</strong> ${lead}<${Countdown} key=${until} until=${until} /></p>
    <button type="button" class="button primary small" data-act="stay" onClick=${here}>${t("chat.idle.stay")}</button>
  </div>`;
}
