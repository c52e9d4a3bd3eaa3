// The contacts I have in hand, and those I closed lately.

import { html } from "htm/preact";
import { tick } from "../common/clock.js";
import { languageName, secondsSince } from "../common/format.js";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { isOpen } from "./acts.js";
import { canWrite, isByHand } from "./channels.js";
import { newestSaid } from "./chat_lines.js";
import { open, reopen } from "./desk.js";
import { drafts, isBegun } from "./drafts.js";
import { notSpam } from "./mail_acts.js";
import { isAsked, mine, online, persons, recent, selected, state } from "./model.js";
import { isAway, isTyping } from "./presence.js";
import { personName, queueName } from "./react.js";
import { room } from "./room.js";
import { Since } from "./state_menu.js";
import { waitingSince } from "./timeline_data.js";
import { ShortTimer } from "./timer.js";

/** @import {Card} from "./types.js" */

const LONG_S = 60; // a chat that waits as long for an answer is marked
const PREVIEW = 120;

/** What the contact waits for. @param {{card: Card}} props */
function Turn({ card }) {
  if (card.paused_from) {
    return html`<span class="chip chip-paused"><${Icon} name="pause" />${t("console.contact.paused")}
      ${" "}<${Since} from=${card.paused_from} /></span>`;
  }
  if (card.state === "wrap_up") {
    return html`<span class="chip chip-wrap">${t("console.contact.wrap_up")}
      ${card.wrap_up_from && html` <${Since} from=${card.wrap_up_from} />`}</span>`;
  }
  if (!canWrite(card)) return html`<${ShortTimer} card=${card} />`;
  const since = waitingSince(state.value.timelines[card.case]);
  if (!since) return html`<span class="meta">${t("console.contact.answered")}</span>`;
  void tick.value;
  const long = card.channel === "chat" && secondsSince(since) >= LONG_S;
  return html`<span class=${long ? "chip chip-late" : "meta"} data-waits=${long ? "long" : "short"}><${Icon} name="clock" />
    ${t("console.contact.waits")} <${Since} from=${since} /></span>`;
}

/** The newest note of a contact begun by hand: nothing else says what it is about. @param {Card} card */
function newestNote(card) {
  const note = state.value.timelines[card.case]?.messages.findLast((one) => one.direction === "note");
  return note?.text.slice(0, PREVIEW) ?? t("console.hand.no_note");
}

/** What it is about: the subject; of a chat the newest line, or that another is being written.
 * @param {{card: Card}} props */
function About({ card }) {
  if (isByHand(card)) return html`<span class="contact-subject">${card.subject || newestNote(card)}</span>`;
  if (card.channel === "mail") return html`<span class="contact-subject">${card.subject || t("console.subject.none")}</span>`;
  if (isTyping(card)) return html`<span class="contact-subject contact-typing">${t("console.chat.typing")}</span>`;
  const newest = newestSaid(state.value.timelines[card.case]?.messages ?? []);
  const who = newest?.client_id ? t("console.chat.own") : newest?.from;
  return html`<span class="contact-subject">${newest?.direction === "outbound" && html`<span class="contact-own">
    ${who}:${" "}</span>`}${newest?.text.slice(0, PREVIEW) ?? t("console.chat.no_messages")}</span>`;
}

/** The citizen's language, by its code. @param {{card: Card}} props */
function Language({ card }) {
  const name = languageName(card.language);
  return html`<span class="chip chip-language" title=${name}><span aria-hidden="true">${card.language.toUpperCase()}</span>
    <span class="hidden">${name}</span></span>`;
}

/** @param {{card: Card}} props */
function AwayChip({ card }) {
  return html`<span class="chip chip-away"><${Icon} name="out" />${t("console.chat.away_short")}
    ${card.away_from && html`${" "}<${Since} from=${card.away_from} />`}</span>`;
}

/** @param {{card: Card}} props */
function Row({ card }) {
  const draft = drafts.value[card.contact];
  const kept = card.draft?.trim() || card.draft_mail;
  const written = persons.value[card.contact] || (draft ? isBegun(draft) || draft.note.trim() : kept);
  return html`<li>
    <button type="button" class=${card.paused_from ? "contact contact-paused" : "contact"} data-contact=${card.contact}
      aria-current=${selected.value === card.contact ? "true" : undefined}
      onClick=${() => open(card.contact)}>
      <span class="contact-top">
        <span class="contact-person">${personName(card)}</span>
        <${Language} card=${card} />
        ${card.unread > 0 && html`<span class="count"><span aria-hidden="true">${card.unread}</span>
          <span class="hidden">, ${tn("console.contact.unread", card.unread)}</span></span>`}
      </span>
      <${About} card=${card} />
      <span class="contact-line">
        <span class="meta contact-channel"><${Icon} name=${card.channel} />
          <strong>${t(`channel.${card.channel}`)}</strong>
          <span class="ellipsis" title=${queueName(card.queue)}>${queueName(card.queue)}</span></span>
        <${Turn} card=${card} />
      </span>
      ${(isAway(card) || written || state.value.taken[card.contact]) && html`<span class="contact-meta">
        ${state.value.taken[card.contact] && html`<span class="chip chip-new">${t("console.contact.taken")}</span>`}
        ${isAway(card) && html`<${AwayChip} card=${card} />`}
        ${written && html`<span class="chip chip-draft"><${Icon} name="pencil" />${t("console.contact.draft")}</span>`}
      </span>`}
    </button>
  </li>`;
}

/** My contacts. */
export function Contacts() {
  const cards = mine.value;
  const { taken, capacity } = room(state.value);
  return html`<section class="contacts" data-region aria-labelledby="contacts-title">
    <h2 id="contacts-title" tabindex="-1">${t("console.contact.title")}
      ${taken > 0 && html`<span class="meta room">${t("console.room.taken", { taken, capacity })}</span>`}</h2>
    ${isOpen("start", "") && html`<p class="notice" role="status">
      ${t(online.value ? "console.begin.begins" : "console.begin.begins_later")}</p>`}
    ${cards.length > 0
      ? html`<ul class="plain">${cards.map((card) => html`<${Row} key=${card.contact} card=${card} />`)}</ul>`
      : html`<p class="empty">${t("console.contact.none")}</p>`}
  </section>`;
}

/** @param {{card: Card}} props */
function RecentRow({ card }) {
  const spam = card.aside === "spam";
  const busy = !online.value || isAsked("reopen", card.case) || isAsked("not_spam", card.contact);
  return html`<li class="recent-row">
    <span class="grow"><span class="contact-person">${personName(card)}</span>
      <span class="contact-subject">${card.subject || t("console.subject.none")}</span>
      <span class="meta">${t(spam ? "console.spam.title" : `console.case_state.${card.case_state}`)}</span></span>
    <button type="button" class="button small" disabled=${busy}
      onClick=${() => (spam ? notSpam(card.contact) : reopen(card))}>
      ${t(spam ? "console.spam.undo" : "console.case.reopen")}<span class="hidden">: ${personName(card)}</span></button>
  </li>`;
}

/** What I closed in this sitting; a click takes the case up again. */
export function Recent() {
  if (!recent.value.length) return null;
  return html`<details class="recent" data-region>
    <summary><h2>${t("console.recent.title")} <span class="meta">${recent.value.length}</span></h2></summary>
    <ul class="plain">${recent.value.map((card) => html`<${RecentRow} key=${card.contact} card=${card} />`)}</ul>
  </details>`;
}
