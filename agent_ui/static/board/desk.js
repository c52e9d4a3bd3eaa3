// Between the server and the screen: frames in, the connection, who looks.

import { batch } from "@preact/signals";
import { Failed } from "../console/api.js";
import { STALE_MS } from "./age.js";
import { age, board, clock, connection, figures, me } from "./model.js";
import { Socket } from "./socket.js";
import { next } from "./store.js";

const CLOCK_AGAIN_MS = 10_000;
let askedAt = -Infinity;

/** Who is signed in; the server's clock comes with it. Throws Failed. */
export async function session() {
  askedAt = performance.now();
  const sent = Date.now();
  const answer = await fetch("/api/session", {
    headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(5_000),
  });
  clock.dated(answer.headers.get("date"), sent, Date.now());
  if (!answer.ok) throw new Failed(answer.status, "session");
  const { user } = await answer.json();
  return /** @type {{name: string, role: string}} */ (user);
}

/** Why the server lets nobody in; null where it is only away. */
async function refused() {
  try {
    const user = await session();
    return user.role === "agent" ? "forbidden" : null;
  } catch (error) {
    return error instanceof Failed && error.status === 401 ? "signed_out" : null;
  }
}

/** @param {{[field: string]: any}} frame */
function hear(frame) {
  const at = Date.parse(frame.at);
  clock.heard(at, Date.now());
  batch(() => {
    figures.value = { at, got: Date.now(), heard: performance.now() };
    board.value = next(board.value, /** @type {any} */ (frame));
  });
  // Old figures in a new frame: are they, or is it this computer's clock?
  if (age.value > STALE_MS && performance.now() - askedAt > CLOCK_AGAIN_MS) void session().catch(() => null);
}

const socket = new Socket({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/board`,
  hear,
  changed(link, retryIn_ms) {
    connection.value = { link, retryAt: performance.now() + retryIn_ms };
    if (link === "signed_out") location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  },
  refused,
});

/** Ask who looks, then listen. */
export async function start() {
  try {
    me.value = await session();
  } catch {
    // The socket will say what is wrong.
  }
  socket.start();
}

/** Try at once. */
export function reconnect() {
  socket.now();
}
