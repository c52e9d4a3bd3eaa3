// Leaving a message where there is no chat, or no wish to wait for one. It goes by the chat's
// socket, once more after each hello until the server has it or refuses it.

import { batch } from "@preact/signals";
import { address, draft, leaving, leftMessage, refused, unsent, why } from "./model.js";
import { fresh, send } from "./sending.js";

/** @import {Frame} from "./types.js" */

const REF = "left_message"; // by which a refusal is known as this one's

/** Open the form, with what could not be said. */
export function openLeaving() {
  if (!draft.value.trim()) draft.value = unsent.value.map((one) => one.text).join("\n\n");
  leaving.value = "leave";
}

/** Leave this message. @param {string} to the address to answer to @param {string} text */
export function leave(to, text) {
  batch(() => {
    address.value = to;
    refused.value = {};
    leftMessage.value = { request_id: fresh(), address: to, text };
  });
  sendLeft();
}

/** Send what is being left, if anything is. */
export function sendLeft() {
  if (leftMessage.value) send({ type: "leave_message", ...leftMessage.value, ref: REF });
}

/** The server has it. */
export function taken() {
  batch(() => {
    leftMessage.value = null;
    leaving.value = "";
    draft.value = "";
    unsent.value = [];
  });
}

/** Whether an error is about the left message. @param {Frame} frame */
export function isOfLeft(frame) {
  return frame.ref === REF;
}

/** Not taken: said beside its field; what is busy is asked again.
 * @param {Frame} frame @param {number} wait_ms */
export function refuseLeft(frame, wait_ms) {
  if (frame.code === "unavailable") return void setTimeout(sendLeft, wait_ms);
  batch(() => {
    leftMessage.value = null;
    refused.value = { [frame.field ?? "form"]: why(frame, "chat.leave.failed") };
  });
}
