// Beside the open case: the person, the facts, and how the contact goes on or ends.

import { html } from "htm/preact";
import { dateTime, fullDate, languageName } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { settings } from "../common/settings.js";
import { AreaPart } from "./area_part.js";
import { Times } from "./case_times.js";
import { isByHand } from "./channels.js";
import { decidedElsewhere, HandOver } from "./deciding.js";
import { reopen, resolve } from "./desk.js";
import { FeedbackPart } from "./feedback_part.js";
import { focusSoon } from "./focus.js";
import { card as open, dialog, finishing, isAsked, online, view } from "./model.js";
import { PersonForm } from "./person_form.js";
import { PersonView } from "./person_view.js";
import { personName, queueName } from "./react.js";
import { ServicePart } from "./service_part.js";
import { SpamPart } from "./spam.js";
import { Since } from "./state_menu.js";
import { WhyMe } from "./why.js";
import { WrapUp } from "./wrap_up.js";

/** @import {Card} from "./types.js" */

/** A moment, and how long ago it was. @param {{at: string}} props */
function Moment({ at }) {
  return html`<time datetime=${at} title=${fullDate(at)}>${dateTime(at)}</time>
    <span class="meta"> (<${Since} from=${at} />)</span>`;
}

/** @param {{name: string, whole?: boolean, children: unknown}} props whole: takes a line */
function Fact({ name, whole, children }) {
  return html`<div class=${whole ? "whole" : undefined}>
    <dt>${t(`console.fact.${name}`)}</dt><dd>${children}</dd></div>`;
}

/** @param {{card: Card}} props */
function PersonPart({ card }) {
  return html`<section aria-labelledby="person-title">
    <h3 id="person-title">${t("console.panel.person")}</h3>
    ${isByHand(card)
      ? html`<${PersonForm} card=${card} />`
      : html`<p class="contact-person">${personName(card)}</p>`}
    ${card.person?.known_as && html`<p class="meta known-as">${t("console.person.known_as", { name: card.person.known_as })}</p>`}
    ${!isByHand(card) && card.person?.address && html`<p class="address">${card.person.address}</p>`}
    ${card.person?.protected && html`<p class="chip chip-protected">${t("console.known.protected")}</p>`}
    ${card.person?.id && html`<${PersonView} key=${card.contact} card=${card} />`}
  </section>`;
}

/** @param {{card: Card}} props */
function Facts({ card }) {
  const begun = card.direction === "agent" ? ` (${t("console.fact.begun_by_agent")})` : "";
  return html`<section aria-labelledby="facts-title">
    <h3 id="facts-title">${t("console.panel.facts")}</h3>
    <dl class="fact-list">
      <${Fact} name="arrived" whole><${Moment} at=${card.first_arrival} /></${Fact}>
      ${card.accepted && html`<${Fact} name="accepted" whole><${Moment} at=${card.accepted} /></${Fact}>`}
      <${Fact} name="queue" whole>${queueName(card.queue)}</${Fact}>
      <${Fact} name="channel">${t(`channel.${card.channel}`)}${begun}</${Fact}>
      <${Fact} name="language">${languageName(card.language)}</${Fact}>
      <${Fact} name="case"><span class="numbers">${card.case}</span></${Fact}>
      ${card.page && html`<${Fact} name="page" whole>${card.page.seen_at
        ? html`${t("console.page.seen")} <${Moment} at=${card.page.seen_at} />` : t("console.page.unseen")}</${Fact}>`}
      <${Fact} name="contact"><span class="numbers">${card.contact}</span></${Fact}>
    </dl>
    <${Times} key=${card.case} case=${card.case} />
    ${!isByHand(card) && html`<${WhyMe} key=${card.contact} card=${card} />`}
  </section>`;
}

/** @param {{card: Card}} props */
function CaseState({ card }) {
  const resolved = card.case_state === "resolved";
  const verb = resolved ? "reopen" : "resolve";
  return html`<section aria-labelledby="case-state-title">
    <h3 id="case-state-title">${t("console.panel.case")}</h3>
    <p><span class=${`chip chip-case-${card.case_state}`}>${t(`console.case_state.${card.case_state}`)}</span></p>
    ${card.answer_by && !resolved && html`<p class="notice warn">${t("console.panel.answer_by", { time: dateTime(card.answer_by) })}</p>`}
    ${(resolved || !decidedElsewhere(card)) && html`<button type="button" class="button wide" data-act=${verb} disabled=${!online.value || isAsked(verb, card.case)}
      onClick=${() => (resolved ? reopen(card) : resolve(card.case))}>${t(`console.case.${verb}`)}</button>`}
  </section>`;
}

/** @param {{card: Card}} props */
function NextSteps({ card }) {
  const keys = settings.value.shortcuts;
  if (card.state === "active" && decidedElsewhere(card)) return html`<${HandOver} keys=${keys} />`;
  if (card.state === "wrap_up" || finishing.value === card.contact) {
    return html`<${WrapUp} key=${card.contact} card=${card} />`;
  }
  return html`<section aria-labelledby="steps-title">
    <h3 id="steps-title">${t("console.panel.steps")}</h3>
    <div class="stack">
      <button type="button" class="button primary wide" data-act="finish" aria-keyshortcuts=${keys ? "w" : undefined}
        onClick=${() => (finishing.value = card.contact)}><${Icon} name="check" />${t("console.wrap_up.begin")}
        ${keys && html`<kbd aria-hidden="true">W</kbd>`}</button>
      <button type="button" class="button wide" data-act="transfer" aria-keyshortcuts=${keys ? "t" : undefined}
        onClick=${() => (dialog.value = "transfer")}><${Icon} name="move" />${t("console.transfer.begin")}
        ${keys && html`<kbd aria-hidden="true">T</kbd>`}</button>
    </div>
  </section>`;
}

/** Back to the messages, and the focus to where the panel was opened. */
function closePanel() {
  view.value = "case";
  focusSoon("#panel-toggle");
}

/** The right column. */
export function CasePanel() {
  const card = open.value;
  if (!card) return null;
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.key === "Escape" && view.value === "panel") closePanel();
  };
  return html`<section id="panel" class="panel" data-region aria-labelledby="panel-title" onKeyDown=${key}>
    <button type="button" class="button quiet not-wide panel-close" onClick=${closePanel}>
      <${Icon} name="back" />${t("console.panel.close")}</button>
    <h2 id="panel-title" class="hidden" tabindex="-1">${t("console.panel.title")}</h2>
    <${NextSteps} card=${card} />
    <${PersonPart} card=${card} />
    <${ServicePart} key=${`service-${card.case}`} card=${card} />
    <${AreaPart} key=${`area-${card.case}`} card=${card} />
    ${card.channel === "mail" && html`<${FeedbackPart} key=${`feedback-${card.case}`} card=${card} />`}
    <${Facts} card=${card} />
    <${CaseState} card=${card} />
    <${SpamPart} card=${card} />
  </section>`;
}
