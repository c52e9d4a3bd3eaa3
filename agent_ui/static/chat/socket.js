// The citizen's socket: rests until there is a chat, and knows which frames say that hello was
// understood.

import { TOO_MANY } from "../common/retry.js";
import { LastingSocket } from "../common/socket.js";

/** @import {Frame} from "./types.js" */

/** @typedef {"idle" | "crowded" | "replaced"} Own */
/** @typedef {import("../common/socket.js").Link | Own} Link */

const IDLE_MS = 10_000;
const LONGEST_MS = 20_000;
const TRY_LATER = 1013, REPLACED = 4409;

/** @extends {LastingSocket<Own>} */
export class Socket extends LastingSocket {
  /** @override @type {Link} */
  link = "idle";

  /** @param {object} needs
   * @param {string} needs.url
   * @param {() => Frame} needs.hello
   * @param {(frame: Frame) => void} needs.hear
   * @param {(link: Link) => void} needs.changed */
  constructor(needs) {
    super({ ...needs, ping: { type: "ping" }, idle_ms: IDLE_MS, longest_ms: LONGEST_MS });
  }

  /** @override */
  now() {
    if (this.link === "offline" || this.link === "crowded") this.connect();
  }

  /** @override */
  stop() {
    super.stop();
    this.set("idle");
  }

  /** Not now, said the server: hello again later. @param {number} seconds */
  later(seconds) {
    this.retry(TRY_LATER, "offline", seconds * 1_000);
  }

  /** @protected @override */
  connect() {
    if (this.link === "idle" || this.link === "replaced") this.set("connecting");
    super.connect();
  }

  /** @protected @override @param {Frame} frame */
  take(frame) {
    if (frame.type === "welcome" || frame.type === "closed") this.understood();
    super.take(frame);
  }

  /** @protected @override @param {number} code */
  lost(code) {
    if (code === REPLACED) this.set("replaced");
    else this.retry(code, code === TOO_MANY ? "crowded" : "offline");
  }

  /** @protected @override */
  look() {
    this.now();
    super.look();
  }
}
