// Files on their way: a place is asked for over the chat's socket, the bytes go there, and a message
// takes the files along. What breaks off leaves nothing at the server.

import { batch, effect, signal } from "@preact/signals";
import { announce } from "../common/announce.js";
import { language, t } from "../common/i18n.js";
import { say } from "./chat.js";
import { arriving, draft, going, saidNow, say as words, state, unsent, why } from "./model.js";
import { fresh, send } from "./sending.js";

/** @import {Signal} from "@preact/signals" */
/** @import {ChatFile, Frame, Words} from "./types.js" */

/** One file before its message. `made`: as the server has it.
 * @typedef {{id: string, name: string, size: number, sent: number, file: File, error: Words | null,
 *   again: boolean, made: ChatFile | null}} Coming */

const MOST_IN_MESSAGE = 10;

/** @type {Signal<Coming[]>} */
export const coming = signal([]);
/** Files as the scanner left them: of messages that came, or are yet to come.
 * @type {Signal<Record<string, ChatFile>>} */
export const scanned = signal({});
/** @type {Map<string, XMLHttpRequest>} */
const running = new Map();
/** Messages with files that have not been echoed: their echo is said aloud. @type {Set<string>} */
const awaited = new Set();

/** How many bytes a file may have; 0: none may be sent. */
export function mostBytes() {
  return going.value ? (state.value.files?.most_bytes ?? 0) : 0;
}

/** Files that were chosen, dropped or pasted. @param {Iterable<File>} files */
export function attach(files) {
  for (const file of files) {
    const { name, size } = file;
    const error = wrongWith(size);
    /** @type {Coming} */
    const one = { id: fresh(), name, size, sent: 0, file, error, again: false, made: null };
    coming.value = [...coming.value, one];
    if (error) announce(`${name}: ${words(error)}`);
    else ask(one);
  }
}

/** @param {number} size bytes @returns {Words | null} */
function wrongWith(size) {
  const most = mostBytes();
  if (!size) return () => t("chat.files.empty");
  if (size > most) return () => t("chat.files.large", { most: Math.floor(most / 1_000_000) });
  const others = coming.value.filter((one) => !one.error).length;
  return others < MOST_IN_MESSAGE ? null : () => t("chat.files.many", { most: MOST_IN_MESSAGE });
}

/** @param {Coming} one */
function ask({ id, name, size }) {
  send({ type: "upload", client_id: id, name, size, ref: `file.${id}` });
}

/** Try again what broke off. @param {Coming} one */
export function again(one) {
  change(one.id, { error: null, sent: 0 });
  ask(one);
}

/** Take one off: on its way it stops. @param {Coming} one */
export function putAway({ id }) {
  running.get(id)?.abort();
  running.delete(id);
  coming.value = coming.value.filter((other) => other.id !== id);
}

/** Whether some are not at the server yet. */
export function isComing() {
  return coming.value.some((one) => !one.error && !one.made);
}

/** Whether a message has something to take along. */
export function hasFiles() {
  return coming.value.some((one) => one.made);
}

/** Send what was written, with the files that are there. */
export function sayWithFiles() {
  const files = coming.value.flatMap(({ made }) => made ?? []);
  if (!files.length) return say();
  const one = { client_id: fresh(), text: draft.value.trim(), at: new Date().toISOString(), error: null, files };
  awaited.add(one.client_id);
  batch(() => {
    unsent.value = [...unsent.value, one];
    coming.value = coming.value.filter(({ made }) => !made);
    draft.value = "";
  });
  say();
}

/** What the server says, if it is about files. @param {Frame} frame */
export function hearFile(frame) {
  HEARD[frame.type]?.(frame);
}

/** @type {Record<string, (frame: Frame) => void>} */
const HEARD = {
  welcome() {
    // What was asked for on the former connection, and not answered.
    for (const one of coming.value) if (!one.error && !one.made && !running.has(one.id)) ask(one);
  },
  upload({ client_id, url }) {
    const one = coming.value.find((other) => other.id === client_id);
    if (one && !one.made && !one.error && !running.has(client_id)) carry(one, url);
  },
  file({ file }) {
    scanned.value = { ...scanned.value, [file.id]: file };
    if (file.scan !== "clean") announce(t(`chat.files.${file.scan}`, { name: file.name }));
  },
  message({ direction, client_id, files }) {
    if (direction === "inbound" && awaited.delete(client_id)) announce(t("chat.files.sent", { names: namesOf(files) }));
    else if (direction === "outbound" && files && !arriving.value) announce(t("chat.files.came", { names: namesOf(files) }));
  },
};

/** @param {ChatFile[]} [files] */
function namesOf(files = []) {
  return files.map((one) => one.name).join(", ");
}

/** A place was refused; whether the error was about one. @param {Frame} frame */
export function refuseFile(frame) {
  const id = /^file\.(.*)$/.exec(frame.ref ?? "")?.[1];
  if (!id) return false;
  failed(id, why(frame, "chat.files.lost"), frame.code === "unavailable" || frame.code === "too_many");
  return true;
}

/** @param {Coming} one @param {string} url */
function carry({ id, name, file }, url) {
  const request = new XMLHttpRequest(); // fetch tells nothing of the progress of a body
  running.set(id, request);
  request.open("POST", url);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Accept-Language", language.value);
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded }) => change(id, { sent: loaded });
  request.onload = () => {
    running.delete(id);
    if (request.status === 201) {
      change(id, { made: request.response });
      return announce(t("chat.files.ready", { name }));
    }
    failed(id, saidNow(request.response?.message, "chat.files.lost"), request.status !== 400 && request.status !== 413);
  };
  request.onerror = () => failed(id, () => t("chat.files.lost"), true);
  request.send(file);
}

/** @param {string} id @param {Words} error @param {boolean} again whether another try may help */
function failed(id, error, again) {
  running.delete(id);
  const one = coming.value.find((other) => other.id === id);
  if (!one) return;
  change(id, { error, again });
  announce(`${one.name}: ${words(error)}`);
}

/** @param {string} id @param {Partial<Coming>} now */
function change(id, now) {
  coming.value = coming.value.map((one) => (one.id === id ? { ...one, ...now } : one));
}

effect(() => {
  // The chat is over: what was not sent goes with it.
  if (going.value) return;
  for (const one of coming.peek()) putAway(one);
});
