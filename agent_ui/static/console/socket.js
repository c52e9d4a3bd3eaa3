// The socket to the server: connects, says how far it has heard, notices silence, comes back.
// It moves frames and knows nothing of what they mean.

import { retryAfter } from "../common/retry.js";

/** @import {Frame} from "./types.js" */

/** @typedef {"connecting" | "online" | "offline" | "signed_out" | "forbidden" | "replaced"} Link */

const IDLE_MS = 5_000; // the server pings as often, but scripts can't see protocol pings
const ANSWER_MS = 5_000; // with IDLE_MS: noticed before the server gives my contacts back (15 s)
const SYNC_MS = 10_000;
const LONGEST_MS = 10_000;
const SIGNED_OUT = 4401, FORBIDDEN = 4403, REPLACED = 4409;
/** @type {Record<number, Link>} */
const FINAL = { [SIGNED_OUT]: "signed_out", [FORBIDDEN]: "forbidden", [REPLACED]: "replaced" };

export class Socket {
  /** @type {WebSocket | null} */
  #ws = null;
  #tries = 0;
  #heardAt = 0;
  #askedAt = 0;
  #openedAt = 0;
  #opened = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;

  /** @param {object} needs
   * @param {string} needs.url
   * @param {() => number} needs.after the number of the newest frame heard
   * @param {(frame: Frame) => void} needs.hear
   * @param {(link: Link, retryIn_ms: number) => void} needs.changed
   * @param {() => Promise<boolean>} needs.signedIn asked where the server lets nobody in */
  constructor({ url, after, hear, changed, signedIn }) {
    this.url = url;
    this.after = after;
    this.hear = hear;
    this.changed = changed;
    this.signedIn = signedIn;
    /** @type {Link} */
    this.link = "connecting";
  }

  /** Connect, and stay connected until told otherwise. */
  start() {
    setInterval(() => this.#check(), 1_000);
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.link === "online" && this.#ask());
    document.addEventListener("visibilitychange", () => document.hidden || this.#ask());
    this.#connect();
  }

  /** Send a frame; false where there is no connection in step with the server.
   * @param {Frame} frame */
  send(frame) {
    if (this.link !== "online" || this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  /** Try at once instead of waiting. */
  now() {
    if (this.link === "offline" || this.link === "replaced") this.#connect();
  }

  /** Frames are missing: resume from the last one heard. */
  resume() {
    this.#drop();
    this.#connect();
  }

  /** Leave for good. */
  stop() {
    this.#drop();
    clearTimeout(this.#retry);
  }

  #connect() {
    clearTimeout(this.#retry);
    this.#drop();
    this.#set("connecting", 0);
    this.#opened = false;
    this.#openedAt = performance.now();
    const ws = (this.#ws = new WebSocket(this.url));
    ws.onopen = () => {
      this.#opened = true;
      ws.send(JSON.stringify({ type: "resume", after: this.after() }));
    };
    ws.onmessage = (event) => this.#take(String(event.data));
    ws.onclose = (event) => this.#lost(event.code);
  }

  /** @param {string} data */
  #take(data) {
    this.#heardAt = performance.now();
    const frame = JSON.parse(data);
    if (frame.ref === "alive") return;
    this.hear(frame);
    if (frame.type === "snapshot" || frame.type === "resumed") {
      this.#tries = 0;
      this.#set("online", 0);
    }
  }

  /** @param {number} code */
  async #lost(code) {
    this.#drop();
    const final = FINAL[code];
    if (final) return this.#set(final, 0);
    // A refused handshake shows no reason to scripts: ask by the front door.
    if (!this.#opened && !(await this.signedIn())) return this.#set("signed_out", 0);
    const wait = retryAfter(this.#tries++, code, LONGEST_MS);
    this.#set("offline", wait);
    this.#retry = setTimeout(() => this.#connect(), wait);
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
    if (this.link === "connecting" && this.#ws && now - this.#openedAt > SYNC_MS) this.#lost(1006);
    if (this.link !== "online") return;
    if (this.#askedAt > this.#heardAt) {
      if (now - this.#askedAt > ANSWER_MS) this.#lost(1006);
    } else if (now - this.#heardAt > IDLE_MS) this.#ask();
  }

  #ask() {
    if (this.send({ type: "ping", ref: "alive" })) this.#askedAt = performance.now();
  }

  /** @param {Link} link @param {number} retryIn_ms */
  #set(link, retryIn_ms) {
    this.link = link;
    this.changed(link, retryIn_ms);
  }
}
