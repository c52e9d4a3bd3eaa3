// Single keys for what an agent does a hundred times a day. They rest while somebody types, while
// a dialog or a menu is open, and where the settings say so.

import { announce } from "../common/announce.js";
import { t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import { accept, open } from "./desk.js";
import { change } from "./drafts.js";
import { focusSoon } from "./focus.js";
import { card, dialog, finishing, mine, online, selected, state, view } from "./model.js";

/** @param {string} selector */
function press(selector) {
  const button = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  if (button?.checkVisibility()) button.click();
}

/** @param {"reply" | "note"} kind */
function writeIn(kind) {
  if (!card.value) return;
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
  finishing.value = card.value.contact;
  focusSoon(".wrap-up input, .wrap-up select");
}

/** @type {Record<string, {name: string, run: () => void}>} */
export const SHORTCUTS = {
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
  w: { name: "wrap_up", run: wrapUp },
  t: {
    name: "transfer",
    run() {
      if (card.value?.state === "active") dialog.value = "transfer";
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
