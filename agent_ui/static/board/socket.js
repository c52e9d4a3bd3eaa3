// The board's socket: it only listens, and knows which closes are for good.

import { LastingSocket } from "../common/socket.js";

/** @typedef {"signed_out" | "forbidden"} Own */
/** @typedef {import("../common/socket.js").Link | Own} Link */
/** @typedef {import("../common/socket.js").Frame} Frame */

const IDLE_MS = 5_000; // a frame comes twice a second; silence this long is worth a question
const LONGEST_MS = 5_000;
/** @type {Record<number, Own>} */
const FINAL = { 4401: "signed_out", 4403: "forbidden" };

/** @extends {LastingSocket<Own>} */
export class Socket extends LastingSocket {
  /** @param {object} needs
   * @param {string} needs.url
   * @param {(frame: Frame) => void} needs.hear
   * @param {(link: Link, retryIn_ms: number) => void} needs.changed
   * @param {() => Promise<Own | null>} needs.refused asked where the server lets nobody in */
  constructor({ refused, ...needs }) {
    super({
      ...needs,
      hello: () => null,
      ping: { type: "ping", ref: "alive" },
      idle_ms: IDLE_MS,
      longest_ms: LONGEST_MS,
    });
    this.refused = refused;
  }

  /** @protected @override @param {Frame} frame */
  take(frame) {
    if (frame.type !== "board") return; // the answer to a ping, or a kind of a later release
    if (this.link !== "online") this.understood();
    super.take(frame);
  }

  /** @protected @override @param {number} code */
  async lost(code) {
    // A refused handshake shows no reason to scripts: ask by the front door.
    const final = FINAL[code] ?? (this.opened ? null : await this.refused());
    if (final) return this.set(final);
    this.retry(code, "offline");
  }
}
