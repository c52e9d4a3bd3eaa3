// My state, how long it has lasted, and the way to change it.

import { html } from "htm/preact";
import { tick } from "../common/clock.js";
import { duration, secondsSince } from "../common/format.js";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Menu } from "../common/menu.js";
import { settings } from "../common/settings.js";
import { setState } from "./desk.js";
import { dialog, info, isAsked, state } from "./model.js";

/** @import {AgentState, Status} from "./types.js" */
/** @import {Item} from "../common/menu.js" */

/** @type {AgentState[]} */
const STATES = ["available", "away", "break", "training", "offline"];

/** How long a moment ago, moving. @param {{from: string}} props */
export function Since({ from }) {
  void tick.value;
  return html`<span class="numbers">${duration(secondsSince(from))}</span>`;
}

/** @param {{value: string}} props */
function Dot({ value }) {
  return html`<span class=${`dot dot-${value}`} aria-hidden="true"></span>`;
}

/** Why I am not available where it was not me who said so, and how to begin. @param {Status} status */
function hintOf({ value, reason }) {
  if (value === "offline") return reason === "lost" || reason === "ended_by_supervisor" ? reason : "offline_hint";
  return value === "away" && (reason === "missed" || reason === "shift_ending") ? reason : null;
}

/** My own state. */
export function StateMenu() {
  const status = state.value.status;
  const me = state.value.me;
  if (!status || !me) return null;
  const states = info.value?.states ?? STATES;
  /** @type {Item[]} */
  const items = states.map((value) => ({
    key: value,
    checked: value === status.value,
    content: html`<${Dot} value=${value} /> ${t(`state.${value}`)}`,
    act: () => value !== status.value && setState(value),
  }));
  items.push({ key: "end", checked: undefined, content: t("console.shift.begin"), act: () => (dialog.value = "shift") });
  const changing = states.some((value) => isAsked("state", value));
  const hint = hintOf(status);
  return html`<section class="my-state" data-region aria-labelledby="state-title">
    <h2 id="state-title" class="hidden" tabindex="-1">${t("console.state.title")}</h2>
    <${Menu} name="state" label=${t("console.state.choose")} items=${items} class="button state-button"
      keys=${settings.value.shortcuts ? "g" : undefined} disabled=${changing}>
      <${Dot} value=${status.value} />
      <span class="state-now">
        <span class="hidden">${t("console.state.title")}: </span><strong>${t(`state.${status.value}`)}</strong>
        <span class="meta"><${Since} from=${status.since} /></span>
      </span>
      <${Icon} name="more" />
    </${Menu}>
    ${hint && html`<div class="hint">
      <p>${hint === "offline_hint" ? tn("console.state.offline_hint", me.capacity) : t(`console.state.${hint}`)}</p>
      ${hint === "shift_ending" && html`<button type="button" class="button wide" data-act="shift"
        onClick=${() => (dialog.value = "shift")}>${t("console.shift.begin")}</button>`}
      <button type="button" class="button primary wide" onClick=${() => setState("available")}
        disabled=${changing}>${t("console.state.go_available")}</button>
    </div>`}
  </section>`;
}
