// The agent's socket: says how far it has heard, and knows which closes are for good.

import { LastingSocket } from "../common/socket.js";

/** @import {Frame} from "./types.js" */

/** @typedef {"signed_out" | "forbidden" | "replaced"} Own */
/** @typedef {import("../common/socket.js").Link | Own} Link */

// The server pings as often, but scripts can't see protocol pings; with the wait for an answer,
// silence is noticed before the server gives my contacts back (15 s).
const IDLE_MS = 5_000;
const LONGEST_MS = 10_000;
const SIGNED_OUT = 4401, FORBIDDEN = 4403, REPLACED = 4409;
/** @type {Record<number, Own>} */
const FINAL = { [SIGNED_OUT]: "signed_out", [FORBIDDEN]: "forbidden", [REPLACED]: "replaced" };

/** @extends {LastingSocket<Own>} */
export class Socket extends LastingSocket {
  /** @param {object} needs
   * @param {string} needs.url
   * @param {() => number} needs.after the number of the newest frame heard
   * @param {(frame: Frame) => void} needs.hear
   * @param {(link: Link, retryIn_ms: number) => void} needs.changed
   * @param {() => Promise<boolean>} needs.signedIn asked where the server lets nobody in */
  constructor({ after, signedIn, ...needs }) {
    super({
      ...needs,
      hello: () => ({ type: "resume", after: after() }),
      ping: { type: "ping", ref: "alive" },
      idle_ms: IDLE_MS,
      longest_ms: LONGEST_MS,
    });
    this.signedIn = signedIn;
  }

  /** @override */
  now() {
    if (this.link === "offline" || this.link === "replaced") this.connect();
  }

  /** Frames are missing: resume from the last one heard. */
  resume() {
    this.connect();
  }

  /** @protected @override */
  connect() {
    this.set("connecting");
    super.connect();
  }

  /** @protected @override @param {Frame} frame */
  take(frame) {
    if (frame.ref === "alive") return;
    super.take(frame);
    if (frame.type === "snapshot" || frame.type === "resumed") this.understood();
  }

  /** @protected @override @param {number} code */
  async lost(code) {
    const final = FINAL[code];
    if (final) return this.set(final);
    // A refused handshake shows no reason to scripts: ask by the front door.
    if (!this.opened && !(await this.signedIn())) return this.set("signed_out");
    this.retry(code, "offline");
  }
}
