// The socket to the server: says hello, notices silence, comes back. It moves frames and knows of
// their meaning only which of them say that hello was understood.

import { retryAfter, TOO_MANY } from "../common/retry.js";

/** @import {Frame} from "./types.js" */

/** @typedef {"idle" | "connecting" | "online" | "offline" | "crowded" | "replaced"} Link */

const IDLE_MS = 10_000;
const ANSWER_MS = 5_000;
const HELLO_MS = 10_000;
const LONGEST_MS = 20_000;
const REPLACED = 4409;

export class Socket {
  /** @type {WebSocket | null} */
  #ws = null;
  #tries = 0;
  #heardAt = 0;
  #askedAt = 0;
  #openedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {Link} */
  link = "idle";

  /** @param {object} needs
   * @param {string} needs.url
   * @param {() => Frame} needs.hello
   * @param {(frame: Frame) => void} needs.hear
   * @param {(link: Link) => void} needs.changed */
  constructor({ url, hello, hear, changed }) {
    this.url = url;
    this.hello = hello;
    this.hear = hear;
    this.changed = changed;
    setInterval(() => this.#check(), 1_000);
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.#ask());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
  }

  /** Connect, and stay connected until told otherwise. */
  start() {
    this.#tries = 0;
    this.#connect();
  }

  /** Try at once instead of waiting. */
  now() {
    if (this.link === "offline" || this.link === "crowded") this.#connect();
  }

  /** Leave, and stay away. */
  stop() {
    this.#drop();
    clearTimeout(this.#retry);
    this.#set("idle");
  }

  /** Not now, said the server: hello again later. @param {number} seconds */
  later(seconds) {
    this.#lost(1013, seconds * 1_000);
  }

  /** Send a frame; false where the server would not hear it.
   * @param {Frame} frame */
  send(frame) {
    if (this.link !== "online" || this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  #connect() {
    clearTimeout(this.#retry);
    this.#drop();
    if (this.link === "idle" || this.link === "replaced") this.#set("connecting");
    this.#openedAt = performance.now();
    const ws = (this.#ws = new WebSocket(this.url));
    ws.onopen = () => ws.send(JSON.stringify(this.hello()));
    ws.onmessage = (event) => this.#take(String(event.data));
    ws.onclose = (event) => this.#lost(event.code);
  }

  /** @param {string} data */
  #take(data) {
    this.#heardAt = performance.now();
    const frame = JSON.parse(data);
    if (frame.type === "welcome" || frame.type === "closed") {
      this.#tries = 0;
      if (this.link !== "online") this.#set("online");
    }
    this.hear(frame);
  }

  /** @param {number} code @param {number} [least] milliseconds to wait at least */
  #lost(code, least = 0) {
    this.#drop();
    clearTimeout(this.#retry);
    if (code === REPLACED) return this.#set("replaced");
    const wait = Math.max(least, retryAfter(this.#tries++, code, LONGEST_MS));
    this.#retry = setTimeout(() => this.#connect(), wait);
    this.#set(code === TOO_MANY ? "crowded" : "offline");
  }

  #drop() {
    const ws = this.#ws;
    this.#ws = null;
    if (!ws) return;
    ws.onopen = ws.onmessage = ws.onclose = null;
    ws.close();
  }

  #check() {
    const now = performance.now();
    if (!this.#ws) return;
    if (this.link !== "online") {
      if (now - this.#openedAt > HELLO_MS) this.#lost(1006);
    } else if (this.#askedAt > this.#heardAt) {
      if (now - this.#askedAt > ANSWER_MS) this.#lost(1006);
    } else if (now - this.#heardAt > IDLE_MS) this.#ask();
  }

  #look() {
    this.now();
    this.#ask();
  }

  #ask() {
    if (this.send({ type: "ping" })) this.#askedAt = performance.now();
  }

  /** @param {Link} link */
  #set(link) {
    this.link = link;
    this.changed(link);
  }
}
