// What the server has said, as one value. Pure: a state and a frame give the next state.

/** @import {Frame, Message, State, Turn, Unsent} from "./types.js" */

/** @returns {State} */
export function initial() {
  return {
    phase: "start",
    contact: null,
    agent: null,
    lost: false,
    place: 0,
    wait: null,
    staffed: true,
    messages: [],
    turns: [],
    idleAt: 0,
    leftFrom: null,
    typingAt: 0,
    readSeq: 0,
    reason: null,
    opensAt: null,
    mayLeave: false,
    mayCall: false,
    offers: [],
    asked: false,
    statusUrl: null,
  };
}

/** The state after a frame.
 * @param {State} state
 * @param {Frame} frame
 * @param {number} now monotonic milliseconds
 * @returns {State} */
export function reduce(state, frame, now) {
  return HANDLERS[frame.type]?.(state, frame, now) ?? state;
}

/** The number of the newest message here. @param {State} state */
export function lastSeq(state) {
  return state.messages.at(-1)?.seq ?? 0;
}

/** @type {Record<string, (state: State, frame: Frame, now: number) => State>} */
const HANDLERS = {
  welcome(state, frame) {
    const same = frame.contact === state.contact && state.phase === "talking";
    const messages = state.messages.filter((one) => one.seq <= frame.seq);
    return { ...state, contact: frame.contact, phase: same ? "talking" : "waiting", offers: frame.offers ?? [], files: frame.files, messages };
  },
  waiting: (state, frame) => ({
    ...state,
    phase: "waiting",
    agent: null,
    lost: state.lost || state.agent !== null,
    place: frame.place,
    wait: waitOf(frame, state.wait),
    closesAt: frame.closes_at,
    staffed: frame.staffed !== false,
    typingAt: 0,
    idleAt: 0,
  }),
  joined: (state, frame) => ({ ...state, phase: "talking", agent: frame.agent, lost: false }),
  agent_came: (state, frame) => ({ ...state, turns: turned(state.turns, frame), lost: false }),
  agent_left: (state, frame) => ({ ...state, turns: turned(state.turns, frame), lost: true }),
  idle: (state, frame, now) => ({ ...state, idleAt: frame.closes_at ? now + frame.closes_in_s * 1_000 : 0 }),
  message: (state, frame) => ({
    ...state,
    messages: added(state.messages, frame),
    idleAt: 0,
    typingAt: frame.direction === "outbound" ? 0 : state.typingAt,
  }),
  typing: (state, _frame, now) => ({ ...state, typingAt: now }),
  read: (state, frame) => ({ ...state, readSeq: Math.max(state.readSeq, frame.seq) }),
  closed(state, frame) {
    if (state.phase === "left_message" || state.phase === "changed") return state;
    return {
      ...state,
      phase: "closed",
      contact: null,
      place: 0,
      wait: null,
      reason: frame.reason,
      opensAt: frame.opens_at ?? null,
      phone: frame.phone,
      mayLeave: Boolean(frame.offers?.includes("leave_message")),
      mayCall: Boolean(frame.offers?.includes("callback")),
      agent: null,
      lost: false,
      typingAt: 0,
      idleAt: 0,
      leftFrom: state.phase === "closed" ? state.leftFrom : state.phase,
    };
  },
  left_message: (state) => ({ ...state, phase: "left_message", typingAt: 0 }),
  changed: (state, frame) => ({ ...state, phase: "changed", asked: frame.asked === true, statusUrl: frame.status_url ?? null }),
};

/** Between which seconds the wait ends, where somebody can say; the former object where it is the
 * same. @param {Frame} frame @param {State["wait"]} before @returns {State["wait"]} */
function waitOf({ low_s, high_s }, before) {
  if (typeof low_s !== "number" || typeof high_s !== "number") return null;
  return before?.low_s === low_s && before.high_s === high_s ? before : { low_s, high_s };
}

/** By number, each once. @param {Message[]} messages @param {Frame} frame */
function added(messages, frame) {
  const { type: _t, ref: _r, ...rest } = frame;
  const message = /** @type {Message} */ (/** @type {unknown} */ (rest));
  if (messages.some((one) => one.seq === message.seq)) return messages;
  return [...messages, message].sort((a, b) => a.seq - b.seq);
}

/** Messages by number, which two that came at once need not have by time, and among them comings
 * and goings. @param {Message[]} messages @param {Turn[]} turns @returns {(Message | Turn)[]} */
export function inOrder(messages, turns) {
  const left = [...turns].sort((a, b) => (a.at < b.at ? -1 : 1));
  const before = (/** @type {Message} */ one) => left.splice(0, left.filter((turn) => turn.at < one.at).length);
  return [...messages.flatMap((one) => [...before(one), one]), ...left];
}

/** Who came and went, each once. @param {Turn[]} turns @param {Frame} frame @returns {Turn[]} */
function turned(turns, { type, id, at, agent, why }) {
  if (turns.some((one) => one.id === id)) return turns;
  return [...turns, { id, at, agent, came: type === "agent_came", why }];
}

/** The answers that may be pressed: those of the newest message, until somebody has written.
 * @param {Message[]} messages @param {Unsent[]} unsent @returns {string[]} */
export function choicesOf(messages, unsent) {
  const last = messages.at(-1);
  return last?.direction === "outbound" && !unsent.length ? (last.choices ?? []) : [];
}

/** One's own messages that the server had taken and knows no more, after a failover: to be sent again.
 * @param {State} state @param {Frame} welcome @returns {Unsent[]} */
export function lostOf(state, welcome) {
  const lost = state.messages.filter((one) => one.seq > welcome.seq && one.direction === "inbound" && one.text);
  return lost.flatMap(({ client_id, text, at }) => (client_id ? [{ client_id, text, at, error: null }] : []));
}

/** What is still unsent after a frame: the echo takes a message out, a refusal marks it.
 * @param {Unsent[]} unsent
 * @param {Frame} frame
 * @returns {Unsent[]} */
export function settle(unsent, frame) {
  if (!unsent.length) return unsent;
  const { type, client_id } = frame;
  if (type === "message" && frame.direction === "inbound") {
    return unsent.filter((one) => one.client_id !== client_id);
  }
  if (type === "closed") return unsent.map((one) => ({ ...one, error: one.error ?? "" }));
  // `unavailable` is no refusal: the same is sent again.
  if (type !== "error" || !client_id || frame.code === "unavailable") return unsent;
  return unsent.map((one) =>
    one.client_id === client_id ? { ...one, error: frame.messages ?? frame.message ?? "" } : one,
  );
}

/** The agent's messages after the one seen last. @param {Message[]} messages @param {number} seen */
export function unreadOf(messages, seen) {
  return messages.filter((one) => one.direction === "outbound" && one.seq > seen).length;
}
