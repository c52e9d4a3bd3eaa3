// The agents by state: who, for how long, with how much in hand. Made for a thousand of them: what
// has not changed is not drawn again, and what is not in sight is not laid out.

import { computed } from "@preact/signals";
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { tick } from "../common/clock.js";
import { locale } from "../common/format.js";
import { has, t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { choices, toggle } from "./choices.js";
import { EndShift } from "./end_shift.js";
import { agents, board, clock } from "./model.js";
import { count, minutes } from "./text.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Agent} from "./types.js" */

const STATES = ["available", "away", "break", "training", "offline"];

/** Agents by state, each state by name; states of a later release come last.
 * @type {Signal<[string, Agent[]][]>} */
const byState = computed(() => {
  const { compare } = new Intl.Collator(locale());
  const sorted = agents.value.toSorted((a, b) => compare(a.name, b.name) || compare(a.agent, b.agent));
  const others = new Set(sorted.map((one) => one.state).filter((state) => !STATES.includes(state)));
  return [...STATES, ...others].map((state) => [state, sorted.filter((one) => one.state === state)]);
});

/** How many are on duty, and how many of them can take one more. */
export const onDuty = computed(() => {
  const there = agents.value.filter((one) => one.state !== "offline");
  return { there, free: there.filter((one) => one.state === "available" && one.load < one.capacity) };
});

/** How long since a moment. Only the text changes, and that once a minute. @param {{from: string}} props */
function Since({ from }) {
  const text = useMemo(() => {
    const at = Date.parse(from);
    return computed(() => {
      void tick.value;
      return minutes((clock.now() - at) / 1000);
    });
  }, [from]);
  return html`<span class="since numbers">${text}</span>`;
}

/** @param {{one: Agent}} props */
function Line({ one }) {
  const { load, capacity, reason } = one;
  const key = `board.reason.${reason}`;
  return html`<li class="agent" data-agent=${one.agent}>
    <span class="agent-name">${one.name}${reason && html` <span class="meta">${has(key) ? t(key) : reason}</span>`}</span>
    ${one.state !== "offline" || load > 0 ? html`<span class=${load >= capacity ? "load load-full numbers" : "load numbers"}>
      <span aria-hidden="true">${count(Math.min(load, capacity))}/${count(capacity)}</span>
      <span class="hidden">${t("board.agent.load", { load: Math.min(load, capacity), capacity })}${load >= capacity ? `, ${t("board.agent.full")}` : ""}, </span>
    </span>` : html`<span></span>`}
    <${Since} key=${one.since} from=${one.since} />
  </li>`;
}

/** @param {{state: string, all: Agent[]}} props */
function Group({ state, all }) {
  const folded = choices.value.folded.includes(state);
  return html`<section class="agent-group" data-state=${state} aria-labelledby=${`state-${state}`}>
    <h3 id=${`state-${state}`}>
      <button type="button" class="fold" aria-expanded=${!folded} onClick=${() => toggle("folded", state)}>
        <${Icon} name="more" /><span class=${`dot dot-${state}`} aria-hidden="true"></span>
        <span class="grow">${stateName(state)}</span><span class="figure">${count(all.length)}</span>
      </button>
    </h3>
    ${!folded && html`<ul class="plain agent-list">${all.map((one) => html`<${Line} key=${one.agent} one=${one} />`)}</ul>`}
  </section>`;
}

/** @param {string} state */
export function stateName(state) {
  const key = `state.${state}`;
  return has(key) ? t(key) : state;
}

/** Everybody. */
export function Agents() {
  const { there } = onDuty.value;
  const all = agents.value.length;
  return html`<section class="agents" aria-labelledby="agents-title">
    <div class="section-head">
      <h2 id="agents-title" tabindex="-1">${t("board.agents")}</h2>
      <p class="meta">${tn("board.on_duty", there.length, { n: count(there.length) })}</p>
      ${there.length > 0 && html`<${EndShift} />`}
    </div>
    ${all === 0 && html`<p class="empty">${t("board.no_agents")}</p>`}
    ${all > 0 && there.length === 0 && html`<p class="empty warn"><${Icon} name="alert" />${t("board.nobody")}</p>`}
    ${byState.value.map(([state, own]) => own.length > 0 && html`<${Group} key=${state} state=${state} all=${own} />`)}
  </section>`;
}

/** Groups for the wall: state and how many. */
export const counts = computed(() => byState.value.map(([state, own]) => /** @type {const} */ ([state, own.length])));

/** So many that they need the whole width. */
export const many = computed(() => board.value.agents.length > 60);
