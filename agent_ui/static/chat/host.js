// The page around us: a city's own page, in which the button of widget.js opened this one. It is
// told little, and believed less: only the very window around us, only from the origin that
// embedded us, only the words below.

import { effect } from "@preact/signals";
import { tn } from "../common/i18n.js";
import { going, shown, unread } from "./model.js";

/** @typedef {{contactcenter: "ready" | "close" | "going" | "unread", on?: boolean, n?: number, text?: string}} Told */

/** The origin around us; null where we stand alone or can't know it. The frame asks for the referrer
 * whatever the page's own policy, so a browser without ancestorOrigins knows it too. */
const around = (() => {
  if (parent === window) return null;
  try {
    const found = location.ancestorOrigins?.[0] ?? new URL(document.referrer).origin;
    return found === "null" ? null : found;
  } catch {
    return null;
  }
})();

/** Whether a page around us shows the chat and can hide it. */
export const embedded = around !== null;

/** @param {Told} told */
function tell(told) {
  if (around) parent.postMessage(told, around);
}

/** Ask to be hidden. */
export function close() {
  tell({ contactcenter: "close" });
}

/** Listen, and tell what the button shows. @param {() => void} focus called when the chat was opened */
export function startTalking(focus) {
  if (!embedded) return;
  shown.value = false;
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || origin !== around || data?.contactcenter !== "shown") return;
    if (typeof data.on !== "boolean" || typeof data.focus !== "boolean") return;
    shown.value = data.on;
    if (data.on && data.focus) focus();
  });
  document.addEventListener("keydown", (event) => {
    const mine = event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]");
    if (event.key === "Escape" && !mine) close();
  });
  effect(() => tell({ contactcenter: "going", on: going.value }));
  effect(() => {
    const n = unread.value;
    tell({ contactcenter: "unread", n, text: n ? tn("chat.unread", n) : "" });
  });
  tell({ contactcenter: "ready" });
}
