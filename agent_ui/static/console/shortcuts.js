// Single keys for what an agent does a hundred times a day. They rest while somebody types, while
// a dialog or a menu is open, and where the settings say so.

import { announce } from "../common/announce.js";
import { t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import { turnHold } from "./by_hand.js";
import { canBeSpam, canWrite, isByHand } from "./channels.js";
import { decidedElsewhere } from "./deciding.js";
import { accept, open } from "./desk.js";
import { change } from "./drafts.js";
import { focusSoon } from "./focus.js";
import { card, dialog, finishing, info, mine, online, selected, state, view } from "./model.js";

/** @param {string} selector */
function press(selector) {
  const button = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  if (button?.checkVisibility()) button.click();
}

/** The quotes and signature of the newest mail that has any, shown or hidden again. */
function turnRest() {
  const all = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-act="rest"]'));
  [...all].at(-1)?.click();
}

/** @param {"reply" | "note"} kind */
function writeIn(kind) {
  if (!card.value || (kind === "reply" && !canWrite(card.value))) return;
  view.value = "case";
  change(card.value.contact, { kind });
  focusSoon("#composer-text");
}

/** @param {1 | -1} step */
function go(step) {
  const all = mine.value.map((one) => one.contact);
  const at = all.indexOf(selected.value ?? "");
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length];
  if (next) goTo(next);
}

/** @param {string} contact */
function goTo(contact) {
  open(contact);
  focusSoon("#case-title");
}

/** To the next contact of the list, round its end, that has something new. */
function goToUnread() {
  const at = mine.value.findIndex((one) => one.contact === selected.value);
  const next = [...mine.value.slice(at + 1), ...mine.value.slice(0, at + 1)].find((one) => one.unread > 0);
  if (next) goTo(next.contact);
  else announce(t("console.say.none_unread"));
}

/** Go to where the outcome is recorded. */
export function wrapUp() {
  if (!card.value) return;
  view.value = "panel";
  if (card.value.state === "active" && decidedElsewhere(card.value)) return focusSoon('[data-act="transfer"]');
  finishing.value = card.value.contact;
  focusSoon(".wrap-up input, .wrap-up select");
}

/** Go to where it is written who it is. */
function goToPerson() {
  if (!card.value || !isByHand(card.value)) return;
  view.value = "panel";
  focusSoon("#person-name");
}

/** @type {Record<string, {name: string, run: () => void}>} */
export const SHORTCUTS = {
  c: {
    name: "begin",
    run() {
      dialog.value = "begin";
    },
  },
  a: {
    name: "accept",
    run() {
      const offer = state.value.offers[0];
      if (offer && online.value) accept(offer.offer, offer.contact.contact);
    },
  },
  d: { name: "decline", run: () => press('[data-menu="decline"]') },
  j: { name: "next", run: () => go(1) },
  k: { name: "previous", run: () => go(-1) },
  u: { name: "unread", run: goToUnread },
  r: { name: "reply", run: () => writeIn("reply") },
  n: { name: "note", run: () => writeIn("note") },
  f: {
    name: "forward",
    run() {
      if (card.value?.channel === "mail") dialog.value = "forward";
    },
  },
  s: {
    name: "spam",
    run() {
      if (card.value && canBeSpam(card.value) && !decidedElsewhere(card.value)) dialog.value = "spam";
    },
  },
  o: { name: "rest", run: turnRest },
  p: { name: "person", run: goToPerson },
  h: { name: "hold", run: () => card.value && turnHold(card.value) },
  l: { name: "dial", run: () => press('[data-act="dial"]') },
  1: { name: "reached", run: () => press('[data-outcome="reached"]') },
  2: { name: "no_answer", run: () => press('[data-outcome="no_answer"]') },
  3: { name: "busy", run: () => press('[data-outcome="busy"]') },
  4: { name: "wrong_number", run: () => press('[data-outcome="wrong_number"]') },
  5: { name: "service_first", run: () => press('[data-service="1"]') },
  6: { name: "service_second", run: () => press('[data-service="2"]') },
  7: { name: "service_third", run: () => press('[data-service="3"]') },
  8: { name: "reason", run: () => press('[data-act="confirm-reason"]') },
  w: { name: "wrap_up", run: wrapUp },
  t: {
    name: "transfer",
    run() {
      if (card.value?.state === "active") dialog.value = "transfer";
    },
  },
  q: {
    name: "pull",
    run() {
      if (info.value?.user.may_pull) dialog.value = "pull";
    },
  },
  e: {
    name: "end_shift",
    run() {
      dialog.value = "shift";
    },
  },
  g: { name: "state", run: () => press('[data-menu="state"]') },
  "?": {
    name: "help",
    run() {
      dialog.value = "shortcuts";
    },
  },
};

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [role="menu"]') !== null;
}

/** Listen for the keys. */
export function listen() {
  addEventListener("keydown", (event) => {
    if (!settings.value.shortcuts || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.repeat || event.isComposing || isTyping(event.target)) return;
    if (dialog.value || document.querySelector("dialog[open]")) return;
    const shortcut = SHORTCUTS[event.key.toLowerCase()];
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  });
}
