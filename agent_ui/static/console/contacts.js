// The contacts I have in hand, and those I closed lately.

import { html } from "htm/preact";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { open, reopen } from "./desk.js";
import { drafts } from "./drafts.js";
import { isAsked, mine, online, recent, selected, state } from "./model.js";
import { personName, queueName } from "./react.js";
import { Since } from "./state_menu.js";
import { waitingSince } from "./timeline_data.js";

/** @import {Card} from "./types.js" */

/** What the contact waits for. @param {{card: Card}} props */
function Turn({ card }) {
  if (card.state === "wrap_up") {
    return html`<span class="chip chip-wrap">${t("console.contact.wrap_up")}
      ${card.wrap_up_from && html` <${Since} from=${card.wrap_up_from} />`}</span>`;
  }
  const since = waitingSince(state.value.timelines[card.case]);
  if (!since) return html`<span class="meta">${t("console.contact.answered")}</span>`;
  return html`<span class="meta"><${Icon} name="clock" />
    ${t("console.contact.waits")} <${Since} from=${since} /></span>`;
}

/** @param {{card: Card}} props */
function Row({ card }) {
  const draft = drafts.value[card.contact];
  const written = draft ? draft.reply.trim() || draft.note.trim() : card.draft?.trim();
  return html`<li>
    <button type="button" class="contact" data-contact=${card.contact}
      aria-current=${selected.value === card.contact ? "true" : undefined}
      onClick=${() => open(card.contact)}>
      <span class="contact-top">
        <span class="contact-person">${personName(card)}</span>
        ${card.unread > 0 && html`<span class="count"><span aria-hidden="true">${card.unread}</span>
          <span class="hidden">, ${tn("console.contact.unread", card.unread)}</span></span>`}
      </span>
      <span class="contact-subject">${card.subject || t("console.subject.none")}</span>
      <span class="contact-meta">
        <span class="meta"><${Icon} name=${card.channel} /><span class="hidden">${t(`channel.${card.channel}`)}, </span>
          <span class="ellipsis">${queueName(card.queue)}</span></span>
        <${Turn} card=${card} />
        ${written && html`<span class="chip chip-draft"><${Icon} name="pencil" />${t("console.contact.draft")}</span>`}
      </span>
    </button>
  </li>`;
}

/** My contacts. */
export function Contacts() {
  const cards = mine.value;
  return html`<section class="contacts" data-region aria-labelledby="contacts-title">
    <h2 id="contacts-title" tabindex="-1">${t("console.contact.title")}
      ${cards.length > 0 && html`<span class="meta">${cards.length}/${state.value.me?.capacity}</span>`}</h2>
    ${cards.length > 0
      ? html`<ul class="plain">${cards.map((card) => html`<${Row} key=${card.contact} card=${card} />`)}</ul>`
      : html`<p class="empty">${t("console.contact.none")}</p>`}
  </section>`;
}

/** What I closed in this sitting; a click takes the case up again. */
export function Recent() {
  if (!recent.value.length) return null;
  return html`<details class="recent" data-region>
    <summary><h2>${t("console.recent.title")} <span class="meta">${recent.value.length}</span></h2></summary>
    <ul class="plain">
      ${recent.value.map((card) => html`<li key=${card.contact} class="recent-row">
        <span class="grow"><span class="contact-person">${personName(card)}</span>
          <span class="contact-subject">${card.subject || t("console.subject.none")}</span>
          <span class="meta">${t(`console.case_state.${card.case_state}`)}</span></span>
        <button type="button" class="button small" onClick=${() => reopen(card)}
          disabled=${!online.value || isAsked("reopen", card.case)}>
          ${t("console.case.reopen")}<span class="hidden">: ${personName(card)}</span></button>
      </li>`)}
    </ul>
  </details>`;
}
