// What a citizen can do, and what follows from what the server says.

import { batch, effect } from "@preact/signals";
import { language, setLanguage, t } from "../common/i18n.js";
import { forget, keep, kept } from "./keep.js";
import { isOfLeft, leave, refuseLeft, sendLeft, taken } from "./leaving.js";
import * as m from "./model.js";
import { react } from "./react.js";
import { tellAgain } from "./seeing.js";
import {
  clear, fresh, queueDraft, sayTyping, sendAll, sendDue, sendSoon, takeBack, useSender,
} from "./sending.js";
import { Socket } from "./socket.js";
import { initial, lastSeq, lostOf, reduce, settle } from "./store.js";

/** @import {Frame, Kept} from "./types.js" */

const { key } = m.given;
const SETTLED_MS = 600;

/** The right to come back: the storage's where it has one (another tab may have renewed it).
 * @type {string | undefined} */
let secret;
/** The page's language as the server knows it. */
let reads = "";
/** The citizen has ended the chat and the server has not heard it yet. */
let ending = false;

const socket = new Socket({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/chat`,
  hello,
  hear,
  changed(now) {
    m.link.value = now;
    // After the end nothing is worth coming back for, unless the server has yet to hear something.
    const over = m.state.value.phase === "closed" && !ending && !m.leftMessage.value;
    if (over && now === "offline") socket.stop();
  },
});
useSender((frame) => socket.send(frame));
setInterval(sendDue, 1_000);

/** @returns {Frame} */
function hello() {
  const { request_id, resume } = kept(key) ?? {};
  const { queue = "", topic } = m.matter.value ?? {};
  reads = language.value;
  return {
    type: "hello",
    queue,
    topic: topic || undefined,
    language: m.spoken.value || reads,
    page_language: reads,
    name: m.name.value.trim() || undefined,
    resume: resume ?? secret,
    after: lastSeq(m.state.value),
    request_id,
  };
}

let fetching = false;

/** Fetch the other screens and their words before they are needed; again until they are here. */
export function fetchRest() {
  if (fetching || m.rest.value) return;
  fetching = true;
  const again = () => void setTimeout(fetchRest, 2_000);
  Promise.all([import("./screens.js"), setLanguage(language.value, "?of=chat")])
    .then(([found]) => (m.rest.value = found), again)
    .finally(() => (fetching = false));
}

/** Take up a chat that was going on before a reload. @param {Kept} was */
export function takeUp(was) {
  batch(() => {
    m.matter.value = was.matter ?? m.matter.value;
    m.spoken.value = was.spoken ?? "";
    m.name.value = was.name ?? "";
    m.draft.value = was.draft ?? "";
    m.unsent.value = was.unsent ?? [];
    if (was.resume || was.request_id) m.state.value = { ...m.state.value, phase: "connecting" };
  });
  if (!was.resume && !was.request_id) return;
  fetchRest();
  socket.start();
}

/** Ask for a chat; the first message goes as soon as there is one. */
export function start() {
  ending = false;
  fetchRest();
  const matter = (m.given.chooses && m.matter.value) || undefined;
  keep(key, { request_id: fresh(), language: language.value, spoken: m.spoken.value, matter, name: m.name.value.trim() });
  batch(() => {
    m.notice.value = "";
    queueDraft();
    m.state.value = { ...m.state.value, phase: "connecting" };
  });
  socket.start();
}

/** Not after all: back to the start, with what was typed. */
export function cancel() {
  socket.stop();
  backToStart("");
}

/** Once more after the end: the same case where the server still knows it. */
export function again() {
  batch(() => {
    m.leaving.value = "";
    if (!secret) m.state.value = { ...initial(), phase: "connecting" };
  });
  clear();
  start();
}

/** Send what was written. */
export function say() {
  queueDraft();
  keep(key, { draft: "" });
  sendDue();
}

/** What is being written, kept through a reload. @param {string} text */
export function type(text) {
  fetchRest();
  m.rest.value?.typed();
  m.draft.value = text;
  if (m.going.value) keep(key, { draft: text });
  if (m.state.value.phase === "talking" && text.trim()) sayTyping();
}

/** End the chat. */
export function end() {
  secret = kept(key)?.resume ?? secret;
  forget(key);
  ending = true;
  m.confirming.value = false;
  ended({ type: "closed", reason: "left" });
  socket.send({ type: "leave" });
}

/** Leave a message that is answered by mail; hello first, where the socket rests.
 * @param {string} address @param {string} text */
export function leaveMessage(address, text) {
  leave(address, text);
  if (m.link.value !== "idle") return;
  keep(key, { request_id: fresh() });
  socket.start();
}

/** Bring the chat here from the other tab, or try at once. */
export function reconnect() {
  if (m.link.value === "replaced") socket.start();
  else socket.now();
}

/** @param {Frame} frame */
function hear(frame) {
  if (m.going.value) keep(key, {});
  if (frame.type === "error") return m.rest.value?.refuseChange(frame) || refuse(frame);
  if (m.rest.value && frame.type === "closed") m.rest.value.closing.value = frame;
  if (ending) return finish(frame);
  const before = m.state.value;
  batch(() => {
    const lost = frame.type === "welcome" ? lostOf(before, frame) : [];
    m.unsent.value = [...lost, ...settle(m.unsent.value, frame)];
    m.state.value = reduce(before, frame, performance.now());
  });
  AFTER[frame.type]?.(frame);
  m.rest.value?.hearMore(frame);
  react(before, m.state.value, frame);
}

/** @type {Record<string, (frame: Frame) => void>} */
const AFTER = {
  welcome(frame) {
    if (frame.seq > lastSeq(m.state.value)) settleLater();
    secret = frame.resume;
    keep(key, { resume: frame.resume, request_id: undefined, name: m.name.value.trim() });
    sendAll();
    sendLeft();
    m.rest.value?.sendChange();
    tellLanguage();
    tellAgain();
  },
  closed(frame) {
    const unmade = frame.reason === "queue_closed";
    secret = frame.reason === "expired" || unmade ? undefined : (kept(key)?.resume ?? secret);
    forget(key);
    ended(frame);
    if (m.leftMessage.value) sendLeft();
    else if (!m.rest.value?.sendChange() && !unmade) rest();
  },
  left_message() {
    taken();
    part();
  },
  changed() {
    m.rest.value?.changed();
    part();
  },
};

/** It goes on elsewhere: nothing leads back to this chat. */
function part() {
  forget(key);
  secret = undefined;
  socket.stop();
}

/** The chat is over on this page. @param {Frame} frame */
function ended(frame) {
  batch(() => {
    m.confirming.value = false;
    m.state.value = reduce(m.state.value, frame, performance.now());
    const refusedAtOnce = frame.reason === "queue_closed";
    if (refusedAtOnce) takeBack();
    else m.unsent.value = settle(m.unsent.value, frame);
  });
}

/** Only that the server has heard the end matters now. @param {Frame} frame */
function finish(frame) {
  if (frame.type === "welcome") {
    secret = frame.resume;
    socket.send({ type: "leave" });
  } else if (frame.type === "closed") rest();
}

/** Stay away until the citizen wants something. */
function rest() {
  ending = false;
  socket.stop();
}

/** @param {Frame} frame */
function refuse(frame) {
  const lost = frame.code === "resume_unknown" || frame.code === "resume_expired";
  const busy = frame.code === "unavailable";
  if (ending) return lost ? rest() : undefined;
  if (lost) return gone();
  if (isOfLeft(frame)) return refuseLeft(frame, wait_ms(frame));
  if (frame.client_id) {
    if (busy) sendSoon(frame.client_id, wait_ms(frame));
    m.unsent.value = settle(m.unsent.value, frame);
  } else if (m.link.value !== "online") {
    // Too many at this moment is no reason to lose a chat that goes on.
    const goesOn = frame.code === "too_many" && (kept(key)?.resume ?? secret);
    if (busy || goesOn) return socket.later(frame.retry_after_s ?? 1);
    socket.stop();
    if (m.given.chooses && frame.code === "unknown_queue") m.matter.value = null;
    backToStart(m.why(frame, "chat.start.failed"));
  }
}

/** @param {Frame} frame */
function wait_ms(frame) {
  return (frame.retry_after_s ?? 1) * 1000;
}

/** The server no longer knows the chat: a fresh one begins only if the citizen wants it. */
function gone() {
  socket.stop();
  secret = undefined;
  m.leftMessage.value = null;
  backToStart(() => t("chat.start.gone"));
}

/** @param {import("./types.js").Words} why */
function backToStart(why) {
  forget(key);
  batch(() => {
    takeBack();
    m.leaving.value = "";
    m.state.value = initial();
    m.notice.value = why;
  });
}

/** Shut already, as the page was told: so nobody writes first and hears of it then. */
export function shutNow() {
  const { stands, opens_at, offers, phone } = m.matter.value ?? {};
  if (stands !== "closed" && stands !== "away") return;
  ended({ type: "closed", reason: "queue_closed", opens_at, offers, phone });
  fetchRest();
}

/** Choose what it is about; null: choose again. @param {import("./types.js").Matter | null} matter */
export function choose(matter) {
  batch(() => {
    secret = undefined; // another matter is another case
    m.matter.value = matter;
    m.state.value = initial();
    m.spoken.value = m.notice.value = m.leaving.value = "";
    shutNow();
  });
}

function tellLanguage() {
  const now = language.value;
  if (m.going.value && now !== reads && socket.send({ type: "language", language: now })) reads = now;
}

function settleLater() {
  m.arriving.value = true;
  setTimeout(() => (m.arriving.value = false), SETTLED_MS);
}

effect(tellLanguage);
effect(() => {
  if (m.going.value) keep(key, { unsent: m.unsent.value });
});
