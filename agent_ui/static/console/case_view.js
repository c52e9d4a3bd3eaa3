// The open case: whose it is and what about, its timeline, and where to write.

import { html } from "htm/preact";
import { languageName } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { CallBox } from "./call_box.js";
import { canWrite } from "./channels.js";
import { Composer } from "./composer.js";
import { setState } from "./desk.js";
import { focusSoon } from "./focus.js";
import { card as open, mine, state, view } from "./model.js";
import { ChatBanner } from "./presence.js";
import { personName, queueName } from "./react.js";
import { Timeline } from "./timeline.js";
import { Handling } from "./timer.js";

/** @import {Card} from "./types.js" */

/** Show the panel where it hides, and go there. */
function togglePanel() {
  view.value = view.value === "panel" ? "case" : "panel";
  if (view.value === "panel") focusSoon("#panel-title");
}

/** @param {{card: Card}} props */
function CaseHead({ card }) {
  return html`<header class="case-head">
    <button type="button" class="button quiet only-narrow" onClick=${() => (view.value = "list")}>
      <${Icon} name="back" />${t("console.contact.title")}</button>
    <div class="case-title-row">
      <div class="grow">
        <h2 id="case-title" tabindex="-1">${personName(card)}</h2>
        ${(card.subject || card.channel === "mail") && html`<p class="case-subject">
          ${card.subject || t("console.subject.none")}</p>`}
      </div>
      ${!canWrite(card) && html`<${Handling} card=${card} />`}
      <button type="button" id="panel-toggle" class="button panel-toggle not-wide"
        aria-expanded=${view.value === "panel"} aria-controls="panel" onClick=${togglePanel}>
        <${Icon} name="panel" /><span>${t("console.panel.open")}</span></button>
    </div>
    <p class="facts">
      <span class="chip"><${Icon} name=${card.channel} />${t(`channel.${card.channel}`)}</span>
      <span class="chip">${queueName(card.queue)}</span>
      <span class="chip">${languageName(card.language)}</span>
      ${card.page_language && card.page_language !== card.language && html`<span class="chip" data-reads=${card.page_language}>
        ${t("console.chat.reads", { language: languageName(card.page_language) })}</span>`}
      <span class=${`chip chip-case-${card.case_state}`}>${t(`console.case_state.${card.case_state}`)}</span>
      ${card.state === "wrap_up" && html`<span class="chip chip-wrap">${t("console.contact.wrap_up")}</span>`}
      <span class="meta">${t("console.case.number", { n: card.case })}</span>
    </p>
  </header>`;
}

/** @param {{card: Card}} props */
function OpenCase({ card }) {
  return html`<${CaseHead} card=${card} />
    ${card.channel === "chat" && html`<${ChatBanner} card=${card} />`}
    ${card.callback && html`<${CallBox} card=${card} />`}
    ${card.paused_from && html`<p class="notice notice-paused" role="status"><${Icon} name="pause" />
      ${t("console.contact.paused_long")}</p>`}
    <${Timeline} card=${card} />
    <${Composer} card=${card} />`;
}

/** What happens next, where nothing is open. */
function Nothing() {
  const value = state.value.status?.value;
  const key = mine.value.length ? "choose" : value === "available" ? "wait" : value === "offline" ? "offline" : "away";
  return html`<div class="nothing">
    <${Icon} name=${key === "wait" ? "clock" : key === "choose" ? "mail" : "visit"} />
    <h2 tabindex="-1">${t(`console.nothing.${key}`)}</h2>
    <p>${t(`console.nothing.${key}_next`)}</p>
    ${(key === "offline" || key === "away") && html`<button type="button" class="button primary"
      onClick=${() => setState("available")}>${t("console.state.go_available")}</button>`}
  </div>`;
}

/** The middle of the screen. */
export function CaseView() {
  const card = open.value;
  return html`<section id="case" class="case" data-region tabindex="-1" aria-labelledby=${card ? "case-title" : undefined}>
    ${!state.value.ready
      ? html`<p class="nothing" role="status">${t("console.loading")}</p>`
      : card
        ? html`<${OpenCase} key=${card.contact} card=${card} />`
        : html`<${Nothing} />`}
  </section>`;
}
