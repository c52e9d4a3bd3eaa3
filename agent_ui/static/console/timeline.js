// The case's timeline: earlier messages on demand, days, messages, and what is on its way.

import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { tick } from "../common/clock.js";
import { dayName } from "../common/format.js";
import { t, tn } from "../common/i18n.js";
import { loadEarlier } from "./desk.js";
import { notify, outbox, state, timeline } from "./model.js";
import { MessageView, UnsentView } from "./message.js";
import { personName } from "./react.js";

/** @import {Card} from "./types.js" */

const NEAR_PX = 120;
const TYPING_MS = 6_000;

/** @param {{card: Card}} props */
function Earlier({ card }) {
  const [busy, setBusy] = useState(false);
  const load = async () => {
    setBusy(true);
    try {
      announce(tn("console.message.loaded", await loadEarlier(card.case)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      notify("error", t("console.message.earlier_failed", { why }));
    }
    setBusy(false);
  };
  return html`<p class="earlier"><button type="button" class="button small" disabled=${busy}
    onClick=${load}>${t("console.message.earlier")}</button></p>`;
}

/** @param {{card: Card}} props */
function Typing({ card }) {
  const at = state.value.typing[card.contact];
  if (at === undefined || tick.value - at > TYPING_MS) return null;
  return html`<p class="typing meta">${t("console.message.typing", { person: personName(card) })}</p>`;
}

/** @param {Card} card */
function entries(card) {
  const { messages } = timeline.value;
  let day = "";
  let subject = card.subject;
  return messages.map((message) => {
    const today = dayName(message.at);
    const turned = today !== day;
    const before = subject;
    day = today;
    subject = message.subject ?? subject;
    const delivery = message.send_id ? state.value.deliveries[message.send_id] : undefined;
    return html`${turned && html`<h3 class="day" key=${`day ${today}`}><span>${today}</span></h3>`}
      <${MessageView} key=${message.seq} message=${message} caseId=${card.case} subject=${before}
        delivery=${delivery} />`;
  });
}

/** @param {{card: Card}} props */
export function Timeline({ card }) {
  const box = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const seen = useRef({ contact: "", newest: 0, oldest: 0, height: 0, count: 0 });
  const [below, setBelow] = useState(false);
  const { messages, more } = timeline.value;
  const waiting = outbox.value.filter((one) => one.case === card.case);
  const newest = messages.at(-1)?.seq ?? 0;
  const oldest = messages[0]?.seq ?? 0;

  const toEnd = () => {
    const element = box.current;
    if (!element) return;
    // On a narrow screen the page scrolls, not the box.
    if (getComputedStyle(element).overflowY === "visible") element.lastElementChild?.scrollIntoView();
    else element.scrollTop = element.scrollHeight;
    setBelow(false);
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const was = seen.current;
    const atEnd = was.height - element.scrollTop - element.clientHeight < NEAR_PX;
    if (was.contact !== card.contact || waiting.length > was.count) toEnd();
    else if (oldest < was.oldest) element.scrollTop += element.scrollHeight - was.height;
    else if (atEnd && element.scrollHeight !== was.height) toEnd();
    else if (newest > was.newest) setBelow(true);
    seen.current = {
      contact: card.contact, newest, oldest, height: element.scrollHeight, count: waiting.length,
    };
  });

  // Once more when a narrow screen has turned to this column.
  useEffect(toEnd, [card.contact]);

  const scrolled = () => {
    const element = box.current;
    if (element && element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX) setBelow(false);
  };

  return html`<div class="timeline-box">
    <div class="timeline" role="log" aria-label=${t("console.message.timeline")} tabindex="0" ref=${box}
      onScroll=${scrolled}>
      ${more && html`<${Earlier} card=${card} />`}
      ${entries(card)}
      ${waiting.map((one) => html`<${UnsentView} key=${one.client_id} unsent=${one} />`)}
      <${Typing} card=${card} />
    </div>
    ${below && html`<button type="button" class="button primary to-end" onClick=${toEnd}>
      ${t("console.message.newer")}</button>`}
  </div>`;
}
