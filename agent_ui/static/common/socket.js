// A socket that lasts: says hello, notices silence, comes back. It moves frames; what they mean, and
// what a close means, its page says.

import { retryAfter } from "./retry.js";

/** @typedef {{type: string, [field: string]: any}} Frame */
/** @typedef {"connecting" | "online" | "offline"} Link */

const ANSWER_MS = 5_000;
const HELLO_MS = 10_000;

/** @template {string} [Own=never] the page's own links */
export class LastingSocket {
  /** @type {WebSocket | null} */
  #ws = null;
  #tries = 0;
  #heardAt = 0;
  #askedAt = 0;
  #openedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** The server has taken the last handshake. @protected */
  opened = false;
  /** @type {Link | Own} */
  link = "connecting";

  /** @param {object} needs
   * @param {string} needs.url
   * @param {() => Frame | null} needs.hello null: the server speaks first
   * @param {Frame} needs.ping
   * @param {number} needs.idle_ms of silence, and the server is asked whether it is there
   * @param {number} needs.longest_ms between two tries
   * @param {(frame: Frame) => void} needs.hear
   * @param {(link: Link | Own, retryIn_ms: number) => void} needs.changed */
  constructor(needs) {
    this.needs = needs;
    setInterval(() => this.#check(), 1_000);
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.ask());
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
  }

  /** Connect, and stay connected until told otherwise. */
  start() {
    this.#tries = 0;
    this.connect();
  }

  /** Try at once instead of waiting. */
  now() {
    if (this.link === "offline") this.connect();
  }

  /** Leave, and stay away. */
  stop() {
    this.#drop();
  }

  /** Send a frame; false where the server would not hear it.
   * @param {Frame} frame */
  send(frame) {
    if (this.link !== "online" || this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  /** @protected */
  connect() {
    this.#drop();
    this.opened = false;
    this.#openedAt = performance.now();
    const ws = (this.#ws = new WebSocket(this.needs.url));
    ws.onopen = () => {
      this.opened = true;
      const hello = this.needs.hello();
      if (hello) ws.send(JSON.stringify(hello));
    };
    ws.onmessage = (event) => {
      this.#heardAt = performance.now();
      this.take(JSON.parse(String(event.data)));
    };
    ws.onclose = (event) => this.#end(event.code);
  }

  /** @protected @param {Frame} frame */
  take(frame) {
    this.needs.hear(frame);
  }

  /** The server has understood hello. @protected */
  understood() {
    this.#tries = 0;
    this.set("online");
  }

  /** What follows from a close. @protected @param {number} code @returns {unknown} */
  lost(code) {
    return this.retry(code, "offline");
  }

  /** Wait, then connect again.
   * @protected @param {number} code @param {Link | Own} link meanwhile
   * @param {number} [least_ms] */
  retry(code, link, least_ms = 0) {
    this.#drop();
    const wait_ms = Math.max(least_ms, retryAfter(this.#tries++, code, this.needs.longest_ms));
    this.#retry = setTimeout(() => this.connect(), wait_ms);
    this.set(link, wait_ms);
  }

  /** Somebody looks at the page again. @protected */
  look() {
    this.ask();
  }

  /** Is the server there? @protected */
  ask() {
    if (this.send(this.needs.ping)) this.#askedAt = performance.now();
  }

  /** @protected @param {Link | Own} link */
  set(link, retryIn_ms = 0) {
    this.link = link;
    this.needs.changed(link, retryIn_ms);
  }

  /** @param {number} code */
  #end(code) {
    this.#drop();
    void this.lost(code);
  }

  #drop() {
    clearTimeout(this.#retry);
    const ws = this.#ws;
    this.#ws = null;
    if (!ws) return;
    ws.onopen = ws.onmessage = ws.onclose = null;
    ws.close();
  }

  /** Closes what the network lost without a word (half-open, RFC 9293 section 3.5.1). */
  #check() {
    if (!this.#ws) return;
    const now = performance.now();
    if (this.link !== "online") {
      if (now - this.#openedAt > HELLO_MS) this.#end(1006);
    } else if (this.#askedAt > this.#heardAt) {
      if (now - this.#askedAt > ANSWER_MS) this.#end(1006);
    } else if (now - this.#heardAt > this.needs.idle_ms) this.ask();
  }
}
