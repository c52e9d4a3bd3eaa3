// The wait becomes a call or a mail, with the same place in line. It goes by the chat's socket, once
// more after each hello until the server has done it or refuses it; the chat goes on where it does.

import { batch, effect, signal } from "@preact/signals";
import { t } from "../common/i18n.js";
import { address, leaving, state } from "./model.js";
import { fresh, send } from "./sending.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Frame} from "./types.js" */

/** @typedef {"callback" | "mail"} Way */

const REF = "change"; // by which a refusal is known as this one's

/** Whether one wants to be called or written to. @type {Signal<Way>} */
export const way = signal("callback");
export const number = signal("");
/** What has been asked for and not been answered. @type {Signal<Frame | null>} */
export const asked = signal(null);
/** Why it was not done, by field. @type {Signal<Record<string, string>>} */
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
  const to = way.value;
  const where = to === "callback" ? { number: number.value.trim() } : { address: address.value.trim() };
  asked.value = { type: "change", to, ...where, request_id: fresh(), ref: REF };
  sendChange();
}

/** Send what is being asked for; whether anything is. */
export function sendChange() {
  if (asked.value) send(asked.value);
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
      wrong.value = { [field]: frame.message ?? t("chat.change.failed") };
    });
  }
  return true;
}

effect(() => {
  // Somebody answers: that is better than any call later.
  if (state.value.phase === "talking" && leaving.peek() === "change") closeChange();
});
