// The agent's acts: what is asked of the server, and what is done with its answers.

import { batch } from "@preact/signals";
import { t } from "../common/i18n.js";
import * as acts from "./acts.js";
import * as drafts from "./drafts.js";
import * as introducing from "./introducing.js";
import {
  asked, connection, declining, dialog, finishing, notify, outbox, refusal, selected, state, view,
} from "./model.js";
import { focusSoon } from "./focus.js";
import { reason, settle } from "./outbox.js";
import { react } from "./react.js";
import { Requests } from "./requests.js";
import * as sending from "./sending.js";
import { Socket } from "./socket.js";
import { isGap, reduce, withEarlier, withOpened, withSeen } from "./store.js";
import { missingBefore } from "./timeline_data.js";
import * as api from "./api.js";

/** @import {Act, Card, Frame, Said} from "./types.js" */

const TYPING_MS = 3_000;
/** Dialogs that go with the open contact. */
const OF_A_CARD = new Set(["transfer", "forward", "spam", "block"]);

/** @type {Socket} */
let socket;
/** When the citizen was last told that I write, by contact. @type {Map<string, number>} */
const typedAt = new Map();
/** The contact to open as soon as it is mine, and where the focus goes.
 * @type {{contact: string, focus: string} | null} */
let opening = null;
const requests = new Requests((frame) => socket.send(frame), asked);

/** Connect and stay connected. */
export function start() {
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/agent`;
  socket = new Socket({
    url,
    after: () => state.value.seq,
    hear,
    changed(link, retryIn_ms) {
      connection.value = { link, retryAt: performance.now() + retryIn_ms };
      if (link === "online") sendAll();
      if (link === "signed_out") location.assign("/login?next=/console");
    },
    signedIn: api.signedIn,
  });
  drafts.useSender((frame) => socket.send(frame));
  sending.useSender((frame) => socket.send(frame));
  acts.useSender((frame) => socket.send(frame));
  socket.start();
  setInterval(again, 1_000);
}

/** @param {Frame} frame */
function hear(frame) {
  const before = state.value;
  if (drafts.answered(frame)) return;
  const answered = requests.answered(frame);
  if (isGap(before, frame)) return socket.resume();
  const after = reduce(before, frame, performance.now());
  batch(() => {
    done(acts.answered(frame), frame);
    state.value = after;
    outbox.value = settle(outbox.value, frame);
    if (frame.type === "error") refused(frame, answered);
    else if (after === before) return;
    if (answered?.startsWith("reopen ") && frame.type === "contact") opensNext(frame.contact.contact);
    if (answered?.startsWith("person ") && frame.type === "contact") introducing.introduced(frame);
    introducing.follow(before, after);
    drafts.follow(before, after, frame.type === "snapshot");
    if (frame.type === "message") drafts.said(frame.contact, frame.message);
    follow(before, after);
    react(before, after, frame);
  });
  fillHole(frame.case);
}

/** @param {Frame} frame @param {string | null} request of this tab that it answers */
function refused(frame, request) {
  if (frame.client_id && frame.code === "unavailable") sending.sendSoon(frame.client_id);
  if (!request) return;
  const text = reason(frame);
  refusal.value = { asked: request, text, field: frame.field };
  const [type] = request.split(" ");
  // Said beside what was asked for, where that is still on screen.
  const beside = type === "person" || (type === "start" ? "begin" : type) === dialog.value;
  if (!beside) notify("error", text);
}

/** An act of this tab was answered. @param {Act | null} act @param {Frame} frame */
function done(act, frame) {
  if (!act) return;
  if (frame.type === "error") refused(frame, `${act.type} ${act.object}`);
  else if (act.type === "start") {
    if (dialog.value === "begin") dialog.value = null;
    opensNext(frame.contact.contact, "#composer-text");
  }
}

/** @param {string} contact @param {string} [focus] */
function opensNext(contact, focus = "#case-title") {
  opening = { contact, focus };
}

/** What is open follows what is mine.
 * @param {import("./types.js").State} before @param {import("./types.js").State} after */
function follow(before, after) {
  if (opening && after.contacts[opening.contact]) {
    const { contact, focus } = opening;
    opening = null;
    if (dialog.value === "pull") dialog.value = null;
    open(contact);
    focusSoon(focus);
  }
  const was = selected.value;
  if (was && before.contacts[was] && !after.contacts[was]) {
    selected.value = null;
    view.value = "list";
    if (dialog.value && OF_A_CARD.has(dialog.value)) dialog.value = null;
  }
  if (dialog.value === "decline" && !after.offers.some((one) => one.offer === declining.value)) dialog.value = null;
  if (finishing.value && !after.contacts[finishing.value]) finishing.value = null;
}

/** A colleague's message came between that I was not told of. @param {string} [caseId] */
async function fillHole(caseId) {
  const before = caseId ? missingBefore(state.value.timelines[caseId]) : null;
  if (!caseId || before === null) return;
  const page = await api.earlier(caseId, before).catch(() => null);
  if (page) state.value = withEarlier(state.value, caseId, page.messages, page.more);
}

/** Fetch the messages before the oldest shown. Rejects with the server's reason.
 * @param {string} caseId */
export async function loadEarlier(caseId) {
  const oldest = state.value.timelines[caseId]?.messages[0]?.seq ?? 1;
  const page = await api.earlier(caseId, oldest);
  state.value = withEarlier(state.value, caseId, page.messages, page.more);
  return page.messages.length;
}

/** Connected and in step: send what has waited. */
function sendAll() {
  sending.sendAll();
  acts.sendAll();
  requests.sendAll();
  drafts.saveAll();
}

function again() {
  if (connection.value.link !== "online") return;
  sending.sendDue();
  acts.sendDue();
  if (requests.again()) notify("error", t("console.no_answer"));
}

/** Try to connect now. */
export const reconnect = () => socket.now();

/** Show a contact. @param {string} contact */
export function open(contact) {
  batch(() => {
    if (selected.value && selected.value !== contact) drafts.save(selected.value);
    if (selected.value !== contact) finishing.value = null;
    selected.value = contact;
    state.value = withOpened(state.value, contact);
    view.value = "case";
  });
  history.replaceState(null, "", `#${contact}`);
  const caseId = state.value.contacts[contact]?.case;
  if (caseId && !state.value.timelines[caseId]) void loadNewest(caseId);
}

/** A contact came without its messages. @param {string} caseId */
async function loadNewest(caseId) {
  const page = await api.earlier(caseId, 2 ** 31 - 1).catch(() => null);
  if (page) state.value = withEarlier(state.value, caseId, page.messages, page.more);
}

/** Ask the server. @param {string} type @param {string} object @param {{[field: string]: unknown}} fields */
export const ask = (type, object, fields) => requests.ask(type, object, fields);

/** @param {string} value */
export const setState = (value) => requests.ask("state", value, { value });

/** @param {string} offer @param {string} contact */
export function accept(offer, contact) {
  opensNext(contact);
  requests.ask("accept", offer, { offer });
}

/** Take what waits, out of its turn. @param {string} contact */
export function pull(contact) {
  opensNext(contact);
  refusal.value = null;
  requests.ask("pull", contact, { contact });
}

/** @param {string} offer @param {string} [reason] @param {string} [note] for who takes it */
export function decline(offer, reason, note) {
  requests.ask("decline", offer, { offer, ...(reason && { reason }), ...(note && { note }) });
}

/** @param {string} contact @param {{queue: string} | {agent: string}} to @param {string} summary */
export function transfer(contact, to, summary) {
  drafts.save(contact);
  const said = summary.trim() ? { summary: summary.trim() } : {};
  refusal.value = null;
  requests.ask("transfer", contact, { contact, ...to, ...said });
}

/** End the contact; what came of it is told in wrap-up. @param {string} contact */
export const close = (contact) => requests.ask("close", contact, { contact });

/** What was not said of it is left out. @param {Card} card @param {string} disposition @param {boolean} resolves @param {Said} said */
export function wrapUp(card, disposition, resolves, said) {
  const about = Object.fromEntries(Object.entries(said).filter(([, value]) => value));
  requests.ask("wrap_up", card.contact, { contact: card.contact, disposition, ...about });
  if (resolves && card.case_state !== "resolved") resolve(card.case);
}

/** @param {string} caseId */
export const resolve = (caseId) => requests.ask("resolve", caseId, { case: caseId });

/** Take a case up again, and show it. @param {Card} card */
export function reopen(card) {
  requests.ask("reopen", card.case, { case: card.case });
}

/** The agent has seen the citizen's messages. @param {string} contact */
export function read(contact) {
  if (socket.send({ type: "read", contact })) state.value = withSeen(state.value, contact);
}

/** The agent is writing in a chat: the citizen is told, at most once in 3 s. @param {Card} card */
export function typing({ contact }) {
  const now = performance.now();
  if (now - (typedAt.get(contact) ?? -Infinity) < TYPING_MS) return;
  if (socket.send({ type: "typing", contact })) typedAt.set(contact, now);
}

/** Sign out; rejects where the server can't be reached, and all goes on. */
export async function signOut() {
  socket.stop(); // else its closing would be taken for a session that ended
  try {
    await api.signOut();
  } catch (error) {
    socket.resume();
    throw error;
  }
}
