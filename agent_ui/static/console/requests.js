// Requests on their way: each has a ref, is sent again when the answer does not come, and is
// answered by the first frame that carries the ref. The server answers repeats like the first.

/** @import {Signal} from "@preact/signals" */
/** @import {Frame} from "./types.js" */

const AGAIN_MS = 8_000;
const TRIES = 3;
// Beside other tabs of the same user: they hear the same frames.
const TAB = Math.random().toString(36).slice(2, 10);

/** @typedef {{frame: Frame, object: string, at: number, tries: number}} Request */

export class Requests {
  /** @type {Map<string, Request>} */
  #open = new Map();
  #last = 0;

  /** @param {(frame: Frame) => boolean} send
   * @param {Signal<Record<string, string>>} asked what waits for an answer, for the screen */
  constructor(send, asked) {
    this.send = send;
    this.asked = asked;
  }

  /** Ask, unless the same is being asked already.
   * @param {string} type @param {string} object @param {{[field: string]: unknown}} fields */
  ask(type, object, fields) {
    for (const one of this.#open.values()) {
      if (one.frame.type === type && one.object === object) return;
    }
    const ref = `${TAB}.${++this.#last}`;
    const request = { frame: { type, ...fields, ref }, object, at: performance.now(), tries: 0 };
    this.#open.set(ref, request);
    this.#send(request);
    this.#show();
  }

  /** The request that a frame answers and settles, as "type object", or null. `unavailable`
   * settles nothing: it asks us to try again.
   * @param {Frame} frame
   * @returns {string | null} */
  answered(frame) {
    const request = this.#open.get(frame.ref);
    if (!request) return null;
    if (frame.type === "error" && frame.code === "unavailable" && request.tries < TRIES) {
      request.at = performance.now() - AGAIN_MS + (frame.retry_after_s ?? 1) * 1000;
      return null;
    }
    this.#open.delete(frame.ref);
    this.#show();
    return `${request.frame.type} ${request.object}`;
  }

  /** Send everything again: connected anew. */
  sendAll() {
    for (const request of this.#open.values()) this.#send(request);
  }

  /** Send again what has waited long. Returns how many were given up. */
  again() {
    let silent = 0;
    for (const [ref, request] of this.#open) {
      if (performance.now() - request.at < AGAIN_MS) continue;
      if (request.tries < TRIES) this.#send(request);
      else if (this.#open.delete(ref)) silent++;
    }
    if (silent) this.#show();
    return silent;
  }

  /** @param {Request} request */
  #send(request) {
    request.at = performance.now();
    if (this.send(request.frame)) request.tries++;
  }

  #show() {
    const open = [...this.#open].map(([ref, one]) => [ref, `${one.frame.type} ${one.object}`]);
    this.asked.value = Object.fromEntries(open);
  }
}
