// What is being written. A reply's draft is kept on the server a second after the last key, so it
// stays with the contact whoever goes on; a note's is kept in this tab. Nothing typed is dropped:
// what the contact leaves behind goes to `leftovers`, until it is copied or put away.

import { signal } from "@preact/signals";
import { fieldsOf, keyOf, mailOf, NO_MAIL } from "./mail_draft.js";
import { acts, outbox, persons, uploads } from "./model.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Mail} from "./mail_draft.js" */
/** @import {Card, Frame, State} from "./types.js" */

/** @typedef {"reply" | "note"} Kind */
/** @typedef {{reply: string, note: string, kind: Kind, mail: Mail, saved: string, savedMail: string,
 *   copies?: boolean, borrowed?: string, choices?: string[]}} Draft
 * `mail` is what a reply by mail says beside its text; `saved` and `savedMail` are the reply as the
 * server has it; `copies`: the fields for further addresses are open; `borrowed` the language of a
 * template in it that was missing in the contact's own; `choices`: answers to press, where their
 * fields are open. */
/** @typedef {{contact: string, who: string, kind: Kind | "forward", text: string}} Leftover */

const PAUSE_MS = 1_000;
/** @type {Draft} */
const NONE = { reply: "", note: "", kind: "reply", mail: NO_MAIL, saved: "", savedMail: "" };

/** @type {Signal<Record<string, Draft>>} */
export const drafts = signal({});
/** @type {Signal<Leftover[]>} */
export const leftovers = signal([]);

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();
/** @type {Map<string, {ref: string, text: string, key: string}>} */
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
  if (kind === "reply") saveSoon(contact);
}

/** What a reply by mail says beside its text was changed. @param {string} contact @param {Partial<Mail>} part */
export function changeMail(contact, part) {
  change(contact, { mail: { ...draftOf(contact).mail, ...part } });
  saveSoon(contact);
}

/** @param {string} contact */
function saveSoon(contact) {
  clearTimeout(timers.get(contact));
  timers.set(contact, setTimeout(() => save(contact), PAUSE_MS));
}

/** Whether the server has the reply as it stands. @param {Draft} draft */
export function isSaved({ reply, saved, mail, savedMail }) {
  return reply === saved && keyOf(mail) === savedMail;
}

/** Whether a reply was begun. @param {Draft} draft */
export function isBegun({ reply, mail }) {
  return reply.trim() !== "" || keyOf(mail) !== "";
}

/** Keep a reply's draft now, where the server has another. @param {string} contact */
export function save(contact) {
  clearTimeout(timers.get(contact));
  const draft = draftOf(contact);
  const [text, key, last] = [draft.reply, keyOf(draft.mail), sent.get(contact)];
  if (isSaved(draft) || (text === last?.text && key === last.key)) return;
  const ref = `draft.${++lastRef}`;
  if (send({ type: "draft", contact, text, ...fieldsOf(draft.mail), ref })) sent.set(contact, { ref, text, key });
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
  change(contact, { reply: "", mail: NO_MAIL, saved: "", savedMail: "", copies: false, borrowed: "", choices: undefined });
}

/** A message of mine was stored, perhaps from another tab: it is no draft any more.
 * @param {string} contact @param {import("./types.js").Message} message */
export function said(contact, message) {
  const kind = message.direction === "note" ? "note" : "reply";
  const mine = message.direction !== "inbound" && message.client_id;
  if (!mine) return;
  const { [kind]: text, mail } = draftOf(contact);
  const gone = new Set(message.attachments?.map((one) => one.id));
  const files = mail.files.filter((one) => !gone.has(one.id));
  if (text.trim() === message.text.trim() && (text.trim() || !files.length)) taken(contact, kind);
  else if (files.length < mail.files.length) change(contact, { mail: { ...mail, files } });
}

/** The server answered a draft: kept, or refused. Returns whether the frame was that.
 * @param {Frame} frame */
export function answered(frame) {
  if (typeof frame.ref !== "string" || !frame.ref.startsWith("draft.")) return false;
  for (const [contact, { ref, text, key }] of sent) {
    if (ref !== frame.ref) continue;
    sent.delete(contact);
    if (frame.type === "draft") change(contact, { saved: text, savedMail: key });
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
  const mail = mailOf(card.draft_mail);
  const savedMail = keyOf(mail);
  if (!isSaved(here)) return change(id, { saved, savedMail });
  const onItsWay = outbox.value.some((one) => one.contact === id && one.text === saved);
  if (onItsWay) change(id, { reply: "", mail: NO_MAIL, saved: "", savedMail: "" });
  else if (saved || savedMail || drafts.value[id]) change(id, { reply: saved, mail, saved, savedMail });
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
  const open = Object.values(drafts.value).some((one) => !isSaved(one) || one.note.trim());
  const told = Object.keys(persons.value).length > 0;
  return open || told || uploads.value.some((one) => !one.error) || [leftovers, outbox, acts].some((one) => one.value.length > 0);
}
