// The case's timeline: earlier messages on demand, what was said, and what is on its way. It stays
// at the end while the agent does; what comes meanwhile counts as seen only then.

import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { t, tn } from "../common/i18n.js";
import { isByHand } from "./channels.js";
import { loadEarlier, read } from "./desk.js";
import { entries } from "./entries.js";
import { notify, online, outbox, timeline, view } from "./model.js";
import { Typing } from "./presence.js";
import { isShown } from "./react.js";

/** @import {Card} from "./types.js" */

const NEAR_PX = 120;

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

/** On a narrow screen the page scrolls, not the box. @param {HTMLElement} box */
function pageScrolls(box) {
  return getComputedStyle(box).overflowY === "visible";
}

/** Pixels of the messages below what is in sight. @param {HTMLElement} box */
function below_px(box) {
  return pageScrolls(box)
    ? box.getBoundingClientRect().bottom - innerHeight
    : box.scrollHeight - box.scrollTop - box.clientHeight;
}

/** @param {HTMLElement} box @param {boolean} chat */
function scrollToEnd(box, chat) {
  if (!pageScrolls(box)) box.scrollTop = box.scrollHeight;
  else if (chat) document.querySelector(".composer")?.scrollIntoView({ block: "end" });
  else box.lastElementChild?.scrollIntoView(); // a mail is read from its beginning
}

/** Marks the citizen's messages as read while their end is before the agent's eyes.
 * @param {Card} card @param {boolean} below for drawing @param {{current: boolean}} now what has just been found */
function useRead(card, below, now) {
  useEffect(() => {
    const mark = () => {
      if (card.unread > 0 && online.value && !now.current && isShown(card.contact)) read(card.contact);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [card.contact, card.unread, online.value, below, view.value]);
}

/** @param {{card: Card}} props */
export function Timeline({ card }) {
  const box = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const seen = useRef({ contact: "", newest: 0, oldest: 0, height: 0, count: 0 });
  const [below, setBelow] = useState(false);
  const isBelow = useRef(false);
  const { messages, more } = timeline.value;
  const count = outbox.value.filter((one) => one.case === card.case).length;
  const newest = messages.at(-1)?.seq ?? 0;
  const oldest = messages[0]?.seq ?? 0;
  const chat = card.channel === "chat";
  useRead(card, below, isBelow);

  const tell = (/** @type {boolean} */ found) => {
    isBelow.current = found; // at once: what is drawn follows after what is marked as read
    setBelow(found);
  };
  const toEnd = () => {
    if (box.current) scrollToEnd(box.current, chat);
    tell(false);
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const was = seen.current;
    const grown = element.scrollHeight - was.height;
    const atEnd = below_px(element) - grown < NEAR_PX;
    if (was.contact !== card.contact || count > was.count) toEnd();
    else if (oldest < was.oldest) (pageScrolls(element) ? document.documentElement : element).scrollTop += grown;
    else if (atEnd && grown) toEnd();
    else if (newest > was.newest && !atEnd) tell(true);
    seen.current = { contact: card.contact, newest, oldest, height: element.scrollHeight, count };
  });

  // Once more when a narrow screen has turned to this column.
  useEffect(toEnd, [card.contact]);

  useEffect(() => {
    let atEnd = true;
    const scrolled = () => {
      atEnd = box.current !== null && below_px(box.current) < NEAR_PX;
      if (atEnd) tell(false);
    };
    // The box shrinks as the text that is being written grows.
    const resized = new ResizeObserver(() => {
      if (atEnd && box.current && !pageScrolls(box.current)) toEnd();
    });
    if (box.current) resized.observe(box.current);
    addEventListener("scroll", scrolled, true); // the box's and the page's
    return () => {
      resized.disconnect();
      removeEventListener("scroll", scrolled, true);
    };
  }, []);

  return html`<div class="timeline-box">
    <div class=${`timeline ${chat ? "timeline-chat" : ""}`} role="log" aria-label=${t("console.message.timeline")}
      tabindex="0" ref=${box}>
      ${!messages.length && !count && isByHand(card) && html`<p class="timeline-empty">${t("console.hand.nothing")}</p>`}
      ${more && html`<${Earlier} card=${card} />`}
      ${entries(card)}
    </div>
    ${chat && html`<${Typing} card=${card} />`}
    ${below && html`<button type="button" class="button primary to-end" onClick=${toEnd}>
      ${t("console.message.newer")}</button>`}
  </div>`;
}
