// What is being written. A reply's draft is kept on the server a second after the last key, so it
// stays with the contact whoever goes on; a note's is kept in this tab. Nothing typed is dropped:
// what the contact leaves behind goes to `leftovers`, until it is copied or put away.

import { signal } from "@preact/signals";
import { acts, outbox, persons } from "./model.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Card, Frame, State} from "./types.js" */

/** @typedef {"reply" | "note"} Kind */
/** @typedef {{reply: string, note: string, kind: Kind, saved: string, borrowed?: string}} Draft
 * `saved` is the reply as the server has it; `borrowed` the language of a template in it that was
 * missing in the contact's own. */
/** @typedef {{contact: string, who: string, kind: Kind, text: string}} Leftover */

const PAUSE_MS = 1_000;
/** @type {Draft} */
const NONE = { reply: "", note: "", kind: "reply", saved: "" };

/** @type {Signal<Record<string, Draft>>} */
export const drafts = signal({});
/** @type {Signal<Leftover[]>} */
export const leftovers = signal([]);

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();
/** @type {Map<string, {ref: string, text: string}>} */
const sent = new Map();
/** @type {(frame: Frame) => boolean} */
let send = () => false;
let lastRef = 0;

/** How frames leave. @param {(frame: Frame) => boolean} way */
export function useSender(way) {
  send = way;
}

/** @param {string} contact */
export function draftOf(contact) {
  return drafts.value[contact] ?? NONE;
}

/** @param {string} contact @param {Partial<Draft>} change */
export function change(contact, change) {
  drafts.value = { ...drafts.value, [contact]: { ...draftOf(contact), ...change } };
}

/** A key was pressed. @param {string} contact @param {Kind} kind @param {string} text */
export function typed(contact, kind, text) {
  change(contact, { [kind]: text });
  if (kind === "note") return;
  clearTimeout(timers.get(contact));
  timers.set(contact, setTimeout(() => save(contact), PAUSE_MS));
}

/** Keep a reply's draft now, where the server has another. @param {string} contact */
export function save(contact) {
  clearTimeout(timers.get(contact));
  const { reply: text, saved } = draftOf(contact);
  if (text === saved || text === sent.get(contact)?.text) return;
  const ref = `draft.${++lastRef}`;
  if (send({ type: "draft", contact, text, ref })) sent.set(contact, { ref, text });
}

/** Connected again: what was on its way may not have arrived. */
export function saveAll() {
  sent.clear();
  for (const contact of Object.keys(drafts.value)) save(contact);
}

/** The text is a message now: the server drops the draft with it.
 * @param {string} contact @param {Kind} kind */
export function taken(contact, kind) {
  clearTimeout(timers.get(contact));
  if (kind === "note") return change(contact, { note: "" });
  sent.delete(contact);
  change(contact, { reply: "", saved: "", borrowed: "" });
}

/** A message of mine was stored, perhaps from another tab: it is no draft any more.
 * @param {string} contact @param {import("./types.js").Message} message */
export function said(contact, message) {
  const kind = message.direction === "note" ? "note" : "reply";
  const mine = message.direction !== "inbound" && message.client_id;
  if (mine && draftOf(contact)[kind].trim() === message.text.trim()) taken(contact, kind);
}

/** The server answered a draft: kept, or refused. Returns whether the frame was that.
 * @param {Frame} frame */
export function answered(frame) {
  if (typeof frame.ref !== "string" || !frame.ref.startsWith("draft.")) return false;
  for (const [contact, { ref, text }] of sent) {
    if (ref !== frame.ref) continue;
    sent.delete(contact);
    if (frame.type === "draft") change(contact, { saved: text });
  }
  return true;
}

/** Contacts came to me or left me: take their drafts over, or put what is left aside. On a
 * contact that I have, what stands on screen wins over what the server says.
 * @param {State} before @param {State} after @param {boolean} anew a snapshot */
export function follow(before, after, anew) {
  for (const [id, card] of Object.entries(after.contacts)) {
    if (anew || !before.contacts[id]) adopt(id, card);
  }
  for (const [id, card] of Object.entries(before.contacts)) {
    if (!after.contacts[id]) putAside(id, card, after.versions[id] !== undefined && wasClosed(after, id));
  }
}

/** @param {State} state @param {string} id */
function wasClosed(state, id) {
  return state.closed.some((card) => card.contact === id);
}

/** @param {string} id @param {Card} card */
function adopt(id, card) {
  const here = draftOf(id);
  const saved = card.draft ?? "";
  if (here.reply !== here.saved) return change(id, { saved });
  const onItsWay = outbox.value.some((one) => one.contact === id && one.text === saved);
  if (saved || drafts.value[id]) change(id, onItsWay ? { reply: "", saved: "" } : { reply: saved, saved });
}

/** @param {string} id @param {Card} card @param {boolean} closed */
function putAside(id, card, closed) {
  const { reply, note, saved } = draftOf(id);
  clearTimeout(timers.get(id));
  const { [id]: _, ...rest } = drafts.value;
  drafts.value = rest;
  const who = card.person?.name || card.person?.address || card.case;
  // An unfinished reply stays with a contact that goes on; with a closed one the server drops it.
  if (reply.trim() && (closed || reply !== saved)) leave({ contact: id, who, kind: "reply", text: reply });
  if (note.trim()) leave({ contact: id, who, kind: "note", text: note });
}

/** @param {Leftover} one */
export function leave(one) {
  leftovers.value = [...leftovers.value, one];
}

/** @param {Leftover} one */
export function discard(one) {
  leftovers.value = leftovers.value.filter((other) => other !== one);
}

/** Whether closing the tab would lose something typed. */
export function anythingUnkept() {
  const open = Object.values(drafts.value).some((one) => one.reply !== one.saved || one.note.trim());
  const told = Object.keys(persons.value).length > 0;
  return open || told || [leftovers, outbox, acts].some((one) => one.value.length > 0);
}
