// What the server has said, as one value. Pure: a state and a frame give the next state.

import { added, filled, merged } from "./timeline_data.js";

/** @import {Card, Delivery, Frame, Message, Offer, State, Timeline, Undelivered} from "./types.js" */

const CLOSED_KEPT = 20;
/** Frames without a number of their own; the `seq` of `read` is a message's. */
const UNNUMBERED = new Set(["typing", "read"]);

/** @returns {State} */
export function initial() {
  return {
    ready: false,
    seq: 0,
    me: null,
    status: null,
    offers: [],
    contacts: {},
    versions: {},
    timelines: {},
    deliveries: {},
    undelivered: [],
    blocked: {},
    typing: {},
    taken: {},
    scans: {},
    merges: {},
    closed: [],
  };
}

/** @param {Frame} frame */
function isNumbered(frame) {
  return typeof frame.seq === "number" && !UNNUMBERED.has(frame.type);
}

/** The state after a frame. Numbered frames that were seen before change nothing.
 * @param {State} state
 * @param {Frame} frame
 * @param {number} now monotonic milliseconds
 * @returns {State} */
export function reduce(state, frame, now) {
  const handle = HANDLERS[frame.type];
  const numbered = isNumbered(frame);
  if (numbered && frame.type !== "snapshot" && frame.seq <= state.seq) return state;
  const next = handle ? handle(state, frame, now) : state;
  return numbered ? { ...next, seq: frame.seq } : next;
}

/** Whether frames are missing before this one: time to resume.
 * @param {State} state
 * @param {Frame} frame */
export function isGap(state, frame) {
  const told = isNumbered(frame) && !["snapshot", "resumed"].includes(frame.type);
  return told && state.ready && frame.seq > state.seq + 1;
}

/** @type {Record<string, (state: State, frame: Frame, now: number) => State>} */
const HANDLERS = {
  snapshot(state, frame, now) {
    /** @type {State} */
    let next = {
      ...initial(),
      ready: true,
      me: frame.agent,
      status: frame.state,
      timelines: state.timelines,
      closed: state.closed,
      undelivered: (frame.notices ?? []).filter(isUndelivered),
      blocked: state.blocked,
      taken: state.taken,
      scans: state.scans,
      merges: state.merges,
    };
    for (const one of frame.contacts ?? []) next = opened(next, one, one);
    for (const one of frame.offers ?? []) next = { ...next, offers: offered(next.offers, one, now, state.offers) };
    return next;
  },
  resumed: (state) => ({ ...state, ready: true }),
  offer: (state, frame, now) => ({ ...state, offers: offered(state.offers, frame, now) }),
  offer_ended: (state, frame) => ({
    ...state,
    offers: state.offers.filter((one) => one.offer !== frame.offer),
  }),
  contact(state, frame) {
    const next = opened(state, frame.contact, frame);
    return frame.automatic ? { ...next, taken: { ...next.taken, [frame.contact.contact]: true } } : next;
  },
  message(state, frame) {
    const known = state.timelines[frame.case];
    const next = spoken({ ...state, timelines: { ...state.timelines, [frame.case]: added(known, frame.message) } }, frame);
    if (frame.message.direction !== "inbound") return next;
    return { ...counted(next, frame, known), typing: without(state.typing, frame.contact) };
  },
  file: (state, { file }) => ({ ...state, scans: { ...state.scans, [file.id]: file } }),
  agent: (state, frame) => ({ ...state, status: frame.state }),
  delivery: (state, frame) => ({ ...state, deliveries: delivered(state.deliveries, [frame]) }),
  notice: (state, frame) => (isUndelivered(frame) ? { ...state, undelivered: noticed(state.undelivered, frame) } : state),
  notice_ended: (state, frame) => ({
    ...state,
    undelivered: state.undelivered.filter((one) => one.send_id !== frame.send_id),
  }),
  merge: (state, frame) => ({ ...state, merges: { ...state.merges, ...Object.fromEntries(frame.contacts.map((/** @type {string} */ one) => [one, frame.seq])) } }),
  sender: (state, frame) => ({ ...state, blocked: { ...state.blocked, [frame.contact]: frame.blocked } }),
  typing: (state, frame, now) => ({ ...state, typing: { ...state.typing, [frame.contact]: now } }),
  read(state, frame) {
    const card = state.contacts[frame.contact];
    return card ? changed(state, { ...card, citizen_read: Math.max(card.citizen_read ?? 0, frame.seq) }) : state;
  },
};

/** The state with one more unread message of a chat: of other channels the card says how many.
 * @param {State} state
 * @param {Frame} frame
 * @param {Timeline | undefined} known the timeline before it
 * @returns {State} */
function counted(state, frame, known) {
  const card = state.contacts[frame.contact];
  if (card?.channel !== "chat") return state;
  if (known?.messages.some((one) => one.seq === frame.message.seq)) return state;
  return changed(state, { ...card, unread: card.unread + 1 });
}

/** The state once somebody has spoken: nobody is silent. @param {State} state @param {Frame} frame @returns {State} */
function spoken(state, frame) {
  const card = state.contacts[frame.contact];
  if (!card?.idle_closes_at || frame.message.direction === "note") return state;
  return changed(state, { ...card, idle_closes_at: null });
}

/** The state once the agent has seen a chat's messages.
 * @param {State} state @param {string} contact */
export function withSeen(state, contact) {
  const card = state.contacts[contact];
  return card?.channel === "chat" ? changed(state, { ...card, unread: 0 }) : state;
}

/** @param {State} state @param {Card} card @returns {State} */
function changed(state, card) {
  return { ...state, contacts: { ...state.contacts, [card.contact]: card } };
}

/** The state once the agent has opened what was taken without asking.
 * @param {State} state @param {string} contact @returns {State} */
export function withOpened(state, contact) {
  return state.taken[contact] ? { ...state, taken: without(state.taken, contact) } : state;
}

/** The state with messages fetched over HTTP.
 * @param {State} state
 * @param {string} caseId
 * @param {Message[]} fetched
 * @param {boolean} more
 * @returns {State} */
export function withEarlier(state, caseId, fetched, more) {
  const timeline = filled(state.timelines[caseId], fetched, more);
  return { ...state, timelines: { ...state.timelines, [caseId]: timeline } };
}

/** A contact's card, and what may stand beside it: messages, deliveries.
 * @param {State} state
 * @param {Card & {messages?: unknown, more?: unknown, deliveries?: unknown}} given
 * @param {{[field: string]: any}} beside
 * @returns {State} */
function opened(state, given, beside) {
  const { messages: _m, more: _o, deliveries: _d, ...card } = given;
  let next = carded(state, card);
  if (beside.messages) {
    const timeline = merged(state.timelines[card.case], beside.messages, Boolean(beside.more));
    next = { ...next, timelines: { ...next.timelines, [card.case]: timeline } };
  }
  return beside.deliveries
    ? { ...next, deliveries: delivered(next.deliveries, beside.deliveries) }
    : next;
}

/** @param {State} state @param {Card} card @returns {State} */
function carded(state, card) {
  const id = card.contact;
  if (card.version < (state.versions[id] ?? 0)) return state;
  const mine = card.owner === state.me?.id;
  const inHand = mine && (card.state === "active" || card.state === "wrap_up");
  const next = {
    ...state,
    versions: { ...state.versions, [id]: card.version },
    closed: state.closed.map((one) =>
      one.case === card.case ? { ...one, case_state: card.case_state } : one,
    ),
  };
  if (inHand) {
    const offers = state.offers.filter((one) => one.contact.contact !== id);
    return changed({ ...next, offers }, readOn(card, state.contacts[id]));
  }
  const others = next.closed.filter((one) => one.contact !== id); // who was no spam is open again
  const closed = mine && card.state === "closed" ? [card, ...others].slice(0, CLOSED_KEPT) : others;
  return { ...next, closed, contacts: without(state.contacts, id) };
}

/** A card made before a `read` frame that came first: a high-water mark never falls.
 * @param {Card} card @param {Card | undefined} known @returns {Card} */
function readOn(card, known) {
  const read = Math.max(card.citizen_read ?? 0, known?.citizen_read ?? 0);
  return read > (card.citizen_read ?? 0) ? { ...card, citizen_read: read } : card;
}

/** @param {Offer[]} offers @param {Frame} frame @param {number} now @param {Offer[]} [before] */
function offered(offers, frame, now, before = offers) {
  const known = before.find((one) => one.offer === frame.offer);
  /** @type {Offer} */
  const offer = {
    offer: frame.offer,
    contact: frame.contact,
    endsAt: now + frame.expires_in_s * 1000,
    total_s: Math.max(known?.total_s ?? 0, frame.expires_in_s),
  };
  const at = offers.findIndex((one) => one.offer === offer.offer);
  return at < 0 ? [...offers, offer] : offers.with(at, offer);
}

/** @param {Record<string, Delivery>} known @param {Frame[]} frames */
function delivered(known, frames) {
  const next = { ...known };
  for (const { send_id, state, code, message_seq, attempts, next_at, refused, taken, delayed_at, delay_code } of frames) {
    next[send_id] = { send_id, state, code, message_seq, attempts, next_at, refused, taken, delayed_at, delay_code };
  }
  return next;
}

/** @param {Frame} notice */
function isUndelivered(notice) {
  return notice.notice === "undelivered";
}

/** @param {Undelivered[]} known @param {Frame} frame @returns {Undelivered[]} */
function noticed(known, frame) {
  const { type: _t, seq: _s, notice: _n, ref: _r, ...one } = frame;
  const others = known.filter((other) => other.send_id !== frame.send_id);
  return [...others, /** @type {Undelivered} */ (/** @type {unknown} */ (one))];
}

/** @template T @param {Record<string, T>} record @param {string} key */
function without(record, key) {
  const { [key]: _, ...rest } = record;
  return rest;
}

/** My contacts as the list shows them: in hand first, then wrap-up, each in the order taken.
 * @param {State} state */
export function listed(state) {
  return Object.values(state.contacts).sort(
    (a, b) =>
      Number(a.state === "wrap_up") - Number(b.state === "wrap_up") ||
      (a.accepted ?? a.first_arrival).localeCompare(b.accepted ?? b.first_arrival) ||
      a.contact.localeCompare(b.contact),
  );
}

/** What I closed lately and have not taken up again. @param {State} state */
export function lately(state) {
  const open = new Set(Object.values(state.contacts).map((card) => card.case));
  const cases = new Set();
  return state.closed.filter((card) => {
    const shown = !open.has(card.case) && !cases.has(card.case);
    cases.add(card.case);
    return shown;
  });
}
