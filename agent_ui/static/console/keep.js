// A reload loses nothing typed: what the server does not have yet lies in the tab's own storage,
// for the same user only, and goes with the tab or at signing out.

import { effect } from "@preact/signals";
import { change, drafts, leftovers } from "./drafts.js";
import { outbox } from "./model.js";

const KEPT = "contactcenter.unsent";

/** Bring back what this user had not sent, then keep it from now on. @param {string} user */
export function startKeeping(user) {
  restore(user);
  effect(() => {
    const typed = Object.entries(drafts.value).filter(
      ([, one]) => one.reply !== one.saved || one.note,
    );
    if (!typed.length && !outbox.value.length && !leftovers.value.length) {
      sessionStorage.removeItem(KEPT);
      return;
    }
    const kept = { user, typed, outbox: outbox.value, leftovers: leftovers.value };
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  });
}

/** Forget everything. */
export function forget() {
  drafts.value = {};
  outbox.value = [];
  leftovers.value = [];
  sessionStorage.removeItem(KEPT);
}

/** @param {string} user */
function restore(user) {
  const text = sessionStorage.getItem(KEPT);
  if (!text) return;
  const kept = JSON.parse(text);
  if (kept.user !== user) return;
  for (const [contact, draft] of kept.typed) change(contact, draft);
  outbox.value = kept.outbox;
  leftovers.value = kept.leftovers;
}
