// Everything the screen shows, as signals. Components read; only desk.js and drafts.js write.

import { computed, signal } from "@preact/signals";
import { initial, listed, lately } from "./store.js";
import { EMPTY } from "./timeline_data.js";

/** @import {Signal} from "@preact/signals" */
/** @import {Act, Info, State, Told, Unsent, Upload} from "./types.js" */
/** @import {Link} from "./socket.js" */

/** What the server has told. @type {Signal<State>} */
export const state = signal(initial());

/** Names and choices. @type {Signal<Info | null>} */
export const info = signal(null);

/** Replies and notes not confirmed yet. @type {Signal<Unsent[]>} */
export const outbox = signal([]);

/** Files on their way to the server. @type {Signal<Upload[]>} */
export const uploads = signal([]);

/** What must happen once and is not answered yet. @type {Signal<Act[]>} */
export const acts = signal([]);

/** What is typed of persons and not stored yet, by contact. @type {Signal<Record<string, Told>>} */
export const persons = signal({});

/** The connection. @type {Signal<{link: Link, retryAt: number}>} */
export const connection = signal({ link: "connecting", retryAt: 0 });

/** The contact that is open in the middle. @type {Signal<string | null>} */
export const selected = signal(null);

/** Which column a narrow screen shows; a middle one: whether the panel is out.
 * @type {Signal<"list" | "case" | "panel">} */
export const view = signal("list");

/** The contact whose wrap-up form is open before its end. @type {Signal<string | null>} */
export const finishing = signal(null);

/** The dialog on screen.
 * @type {Signal<"settings" | "shortcuts" | "transfer" | "begin" | "forward" | "spam" | "block" | "decline" | "pull" | "shift" | null>} */
export const dialog = signal(null);

/** The offer to be declined with a note. @type {Signal<string | null>} */
export const declining = signal(null);

/** The message that is to be passed on, and what was written for it and refused.
 * @type {Signal<{seq: number, refused?: Unsent} | null>} */
export const forwarding = signal(null);

/** What was asked of the server and not answered yet, by ref: the frame's type and its object.
 * @type {Signal<Record<string, string>>} */
export const asked = signal({});

/** The last request that the server said no to, and the field at fault.
 * @type {Signal<{asked: string, text: string, field?: string} | null>} */
export const refusal = signal(null);

/** @typedef {{verb: string, contact: string}} Back what takes back what was done */
/** @typedef {{id: number, kind: "info" | "error", text: string, back?: Back, about?: "missed"}} Notice about: goes by itself */
/** @type {Signal<Notice[]>} */
export const notices = signal([]);

export const mine = computed(() => listed(state.value));
export const recent = computed(() => lately(state.value));
export const online = computed(() => connection.value.link === "online");
export const card = computed(() => state.value.contacts[selected.value ?? ""] ?? null);
export const timeline = computed(() => state.value.timelines[card.value?.case ?? ""] ?? EMPTY);
/** Contacts with messages that I have not seen. */
export const unread = computed(() => mine.value.filter((one) => one.unread > 0));

/** Whether an answer to this is still awaited. @param {string} type @param {string} object */
export function isAsked(type, object) {
  return Object.values(asked.value).includes(`${type} ${object}`);
}

let lastNotice = 0;

/** Show a line at the edge of the screen until it is put away, or until what it is about is over.
 * @param {"info" | "error"} kind @param {string} text @param {Back} [back] @param {"missed"} [about] */
export function notify(kind, text, back, about) {
  const others = notices.value.filter((one) => one.text !== text);
  notices.value = [...others, { id: ++lastNotice, kind, text, ...(back && { back }), ...(about && { about }) }].slice(-4);
}

/** The lines about this are over. @param {"missed"} about */
export function over(about) {
  if (notices.value.some((one) => one.about === about)) notices.value = notices.value.filter((one) => one.about !== about);
}
