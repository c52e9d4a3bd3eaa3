// How old the figures are, though this computer's clock may be wrong. Pure but for the two clocks.

/** Older figures are not live. */
export const STALE_MS = 3_000;

/** What the server's clock says, as well as it can be known here. This clock is trusted until
 * something disproves it: a frame from the future, or the Date header of an answer, which counts
 * whole seconds. */
export class ServerClock {
  #least = -Infinity; // milliseconds that this clock is ahead, at least
  #most = Infinity;

  /** A frame says when its figures were true: the server's clock had come that far.
   * @param {number} at @param {number} got both in milliseconds since 1970, ours when it came */
  heard(at, got) {
    this.#most = Math.min(this.#most, got - at);
    if (this.#most < this.#least) this.#least = -Infinity; // this clock was set back
  }

  /** An answer's Date header. @param {string | null} date @param {number} sent @param {number} got */
  dated(date, sent, got) {
    const at = date ? Date.parse(date) : NaN;
    if (Number.isNaN(at)) return;
    // Not narrowed down: the newest answer knows best, should this clock have been set meanwhile.
    this.#least = sent - (at + 1000);
    this.#most = got - at;
  }

  /** Milliseconds that this computer's clock is ahead of the server's. */
  get ahead() {
    return Math.min(this.#most, Math.max(this.#least, 0));
  }

  /** The server's time. @param {number} [now] */
  now(now = Date.now()) {
    return now - this.ahead;
  }
}

/** How old figures are, in milliseconds. Counted by both clocks, and the larger counts: a clock that
 * was set back, or one that stood still while the computer slept, must not make figures young.
 * @param {ServerClock} clock
 * @param {{at: number, got: number, heard: number}} figures when true (server), when here (wall and
 *   monotonic)
 * @param {number} [wall] @param {number} [steady] */
export function ageOf(clock, figures, wall = Date.now(), steady = performance.now()) {
  const onTheWay = Math.max(0, clock.now(figures.got) - figures.at);
  return Math.max(0, clock.now(wall) - figures.at, onTheWay + steady - figures.heard);
}
