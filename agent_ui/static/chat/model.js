// What the screen stands on: the chat as the server told it, and what is this page's own.

import { computed, signal } from "@preact/signals";
import { language, named, t } from "../common/i18n.js";
import { initial, unreadOf } from "./store.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Link} from "./socket.js" */
/** @import {Frame, Given, LeftMessage, Matter, State, Unsent, Words} from "./types.js" */

/** How long a message may be, in characters as the server counts them: an emoji is one, or a few. */
export const MOST = 10_000;

/** How many characters of a text are counted, once it may be too long. @param {string} text */
export function lengthOf(text) {
  return text.length > MOST ? [...text].length : text.length;
}

/** @type {Given} */
export const given = JSON.parse(document.getElementById("given")?.textContent ?? "{}");

/** What there is to choose from, and what was chosen. */
export const matters = signal(given.matters);
/** @type {Signal<Matter | null>} */
export const matter = signal((!given.chooses && given.matters[0]) || null);
/** The language in which one wishes to be answered; "": the page's. */
export const spoken = signal("");
/** What is asked before the chat, once it is here. @type {Signal<typeof import("./before.js") | null>} */
export const before = signal(null);

/** @type {Signal<State>} */
export const state = signal(initial());
/** @type {Signal<Link>} */
export const link = signal("idle");
/** @type {Signal<Unsent[]>} */
export const unsent = signal([]);
/** What is being written: the first message, then the next one, and what a message is left with. */
export const draft = signal("");
export const name = signal("");
/** The form that is open instead of the chat: "leave", "change", or "" for none. */
export const leaving = signal("");
/** The message that is being left, until the server has it. @type {Signal<LeftMessage | null>} */
export const leftMessage = signal(null);
/** Where the answer will go. */
export const address = signal("");
/** Why the form was not taken, by field. @type {Signal<Record<string, Words>>} */
export const refused = signal({});
/** Said above the start. @type {Signal<Words>} */
export const notice = signal("");
/** Whether the end of the chat is being confirmed. */
export const confirming = signal(false);
/** Whether the page around us shows the chat; always, where there is none. */
export const shown = signal(true);
/** Whether older messages are still arriving: not to be read aloud. */
export const arriving = signal(false);
/** The screens after the first, once they are here.
 * @type {Signal<typeof import("./screens.js") | null>} */
export const rest = signal(null);
/** The number of the newest message that was seen. */
export const seen = signal(0);

/** What the button on the city's page counts: messages, and the question whether one is there. */
export const unread = computed(() => unreadOf(state.value.messages, seen.value) + (state.value.idleAt ? 1 : 0));
export const queueName = computed(() => named(matter.value?.names ?? given.names, t("chat.title")));
/** Whether a chat is going on, so that the page around us may bring it back. */
export const going = computed(() => ["connecting", "waiting", "talking"].includes(state.value.phase));
export const anythingSaid = computed(() => state.value.messages.length + unsent.value.length > 0);

/** Words in the screen's language. @param {Words} words */
export function say(words) {
  if (typeof words === "function") return words();
  return typeof words === "string" ? words : named(words, "");
}

/** Why the server refused; else these words. @param {Frame} frame @param {string} key @returns {Words} */
export function why(frame, key) {
  return frame.messages ?? frame.message ?? (() => t(key));
}

/** What the server said in the screen's language as it is now; in others our own words.
 * @param {string | undefined} message @param {string} key @returns {Words} */
export function saidNow(message, key) {
  const then = language.value;
  return () => (message && then === language.value ? message : t(key));
}
