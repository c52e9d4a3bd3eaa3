// The wait becomes a call or a mail, with the same place in line. It goes by the chat's socket, once
// more after each hello until the server has done it or refuses it; the chat goes on where it does.
// Where there is no chat, a call is asked for by itself.

import { batch, effect, signal } from "@preact/signals";
import { language, named } from "../common/i18n.js";
import { address, draft, leaving, matter, name, saidNow, spoken, state, why } from "./model.js";
import { fresh, send } from "./sending.js";
import { reduce } from "./store.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Frame, Words} from "./types.js" */

/** @typedef {"callback" | "mail"} Way */

const REF = "change"; // by which a refusal is known as this one's

/** Whether one wants to be called or written to. @type {Signal<Way>} */
export const way = signal("callback");
export const number = signal("");
/** What has been asked for and not been answered. @type {Signal<Frame | null>} */
export const asked = signal(null);
/** Why it was not done, by field. @type {Signal<Record<string, Words>>} */
export const wrong = signal({});

/** Open the form. @param {Way} to */
export function openChange(to) {
  batch(() => {
    way.value = to;
    wrong.value = {};
    leaving.value = "change";
  });
}

/** Wait in the chat after all. */
export function closeChange() {
  batch(() => {
    asked.value = null;
    leaving.value = "";
  });
}

/** Ask for it. */
export function change() {
  if (state.value.phase === "closed") return void askForCall();
  const to = way.value;
  const where = to === "callback" ? { number: number.value.trim() } : { address: address.value.trim() };
  asked.value = { type: "change", to, ...where, request_id: fresh(), ref: REF };
  sendChange();
}

let before = { body: "", request_id: "" }; // sent again, the same is one request

async function askForCall() {
  const { queue = "", topic, names } = matter.value ?? {};
  const about = named(names, queue);
  const said = draft.value.trim();
  const given = {
    queue,
    number: number.value.trim(),
    language: spoken.value || language.value,
    matter: topic && said ? `${about}\n\n${said}` : said || about,
    name: name.value.trim() || undefined,
  };
  const body = JSON.stringify(given);
  if (before.body !== body) before = { body, request_id: fresh() };
  const { request_id } = before;
  asked.value = { type: "callback" };
  const headers = { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": language.value };
  try {
    const answer = await fetch("/api/callbacks", { method: "POST", headers, body: JSON.stringify({ ...given, request_id }) });
    const told = await answer.json();
    if (answer.ok) done(told.status_url);
    else refuse(told);
  } catch {
    refuse({});
  }
}

/** @param {string} status_url */
function done(status_url) {
  batch(() => {
    draft.value = "";
    state.value = reduce(state.value, { type: "changed", status_url, asked: true }, 0);
    closeChange();
  });
}

/** @param {{message?: string, field?: string}} no */
function refuse({ message, field }) {
  const words = saidNow(message, field === "number" ? "chat.change.no_number" : "chat.change.failed");
  batch(() => {
    asked.value = null;
    wrong.value = { [field === "number" ? field : "form"]: words };
  });
}

/** Send what is being asked for; whether anything is. */
export function sendChange() {
  if (asked.value?.type === "change") send(asked.value);
  return asked.value !== null;
}

/** It is done. */
export function changed() {
  closeChange();
}

/** Not done: said beside its field, what is busy is asked again. Whether the error was about it.
 * @param {Frame} frame */
export function refuseChange(frame) {
  if (frame.ref !== REF) return false;
  if (frame.code === "unavailable") setTimeout(sendChange, (frame.retry_after_s ?? 1) * 1_000);
  else if (asked.value) {
    const field = frame.field === "number" || frame.field === "address" ? frame.field : "form";
    batch(() => {
      asked.value = null;
      wrong.value = { [field]: why(frame, "chat.change.failed") };
    });
  }
  return true;
}

effect(() => {
  // Somebody answers: that is better than any call later.
  if (state.value.phase === "talking" && leaving.peek() === "change") closeChange();
});
