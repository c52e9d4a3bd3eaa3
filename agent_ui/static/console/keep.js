// A reload loses nothing typed: what the server does not have yet lies in the tab's own storage,
// for the same user only, and goes with the tab or at signing out. So does what was closed lately.

import { effect } from "@preact/signals";
import { change, drafts, isSaved, leftovers } from "./drafts.js";
import { acts, outbox, persons, state } from "./model.js";

const KEPT = "contactcenter.unsent";
const CLOSED = "contactcenter.closed";

/** Bring back what this user had not sent, then keep it from now on. @param {string} user */
export function startKeeping(user) {
  restore(user);
  effect(() => {
    const typed = Object.entries(drafts.value).filter(
      ([, one]) => !isSaved(one) || one.note || one.choices?.length,
    );
    const lists = { typed, outbox: outbox.value, leftovers: leftovers.value, acts: acts.value };
    const told = Object.entries(persons.value);
    if (![...Object.values(lists), told].some((one) => one.length)) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, JSON.stringify({ user, ...lists, persons: persons.value }));
  });
  effect(() => {
    const { closed } = state.value;
    if (closed.length) sessionStorage.setItem(CLOSED, JSON.stringify({ user, closed }));
    else sessionStorage.removeItem(CLOSED);
  });
}

/** Forget everything. */
export function forget() {
  drafts.value = {};
  outbox.value = [];
  leftovers.value = [];
  acts.value = [];
  persons.value = {};
  state.value = { ...state.value, closed: [] };
  sessionStorage.removeItem(KEPT);
  sessionStorage.removeItem(CLOSED);
}

/** @param {string} user */
function restore(user) {
  const kept = read(KEPT, user);
  if (kept) {
    for (const [contact, draft] of kept.typed) change(contact, draft);
    outbox.value = kept.outbox;
    leftovers.value = kept.leftovers;
    acts.value = kept.acts;
    persons.value = kept.persons;
  }
  const closed = read(CLOSED, user)?.closed;
  if (closed) state.value = { ...state.value, closed };
}

/** What this user kept. @param {string} key @param {string} user */
function read(key, user) {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  return kept?.user === user ? kept : null;
}
