import assert from "node:assert/strict";
import { test } from "node:test";
import { initial, isGap, lately, listed, reduce, withEarlier } from "../../../agent_ui/static/console/store.js";
import { card, message, snapshot } from "./frames.js";

/** @param {object[]} frames */
function after(...frames) {
  return frames.reduce((state, frame) => reduce(state, frame, 1000), initial());
}

const started = snapshot({ contacts: [{ ...card(), messages: [message(1), message(2)], more: false }] });

test("a snapshot is taken whole and its number counts", () => {
  const state = after(snapshot({ seq: 900 }), started);
  assert.equal(state.seq, 10);
  assert.deepEqual(Object.keys(state.contacts), ["1"]);
  assert.deepEqual(state.timelines["2"].messages.map((m) => m.seq), [1, 2]);
});

test("a numbered frame that was heard before changes nothing", () => {
  const state = after(started, { type: "message", seq: 11, contact: "1", case: "2", message: message(3) });
  const again = reduce(state, { type: "agent", seq: 11, state: { value: "away" } }, 1000);
  assert.equal(again, state);
});

test("an older version of a contact is ignored, its messages are not", () => {
  const newer = { type: "contact", seq: 11, contact: card({ version: 5, unread: 2 }) };
  const older = { type: "contact", seq: 12, contact: card({ version: 4, unread: 1 }), messages: [message(3)], more: false };
  const state = after(started, newer, older);
  assert.equal(state.contacts["1"].unread, 2);
  assert.equal(state.timelines["2"].messages.length, 3);
});

test("a contact that has left comes back only with a newer version", () => {
  const gone = { type: "contact", seq: 11, contact: card({ version: 3, state: "queued", owner: null }) };
  const late = { type: "contact", seq: 12, contact: card({ version: 2 }) };
  const back = { type: "contact", seq: 13, contact: card({ version: 4 }) };
  assert.deepEqual(after(started, gone, late).contacts, {});
  assert.deepEqual(Object.keys(after(started, gone, late, back).contacts), ["1"]);
});

test("a contact of another owner, or in another state, is not mine", () => {
  for (const fields of [{ owner: "8" }, { state: "queued", owner: null }, { state: "closed" }]) {
    const frame = { type: "contact", seq: 11, contact: card({ version: 2, ...fields }) };
    assert.deepEqual(after(started, frame).contacts, {}, JSON.stringify(fields));
  }
});

test("messages stand in order of their numbers, each once", () => {
  const told = (seq, n) => ({ type: "message", seq, contact: "1", case: "2", message: message(n) });
  const state = after(started, told(11, 4), told(12, 3), told(13, 4));
  assert.deepEqual(state.timelines["2"].messages.map((m) => m.seq), [1, 2, 3, 4]);
});

test("newer messages after a hole take the place of the known, earlier ones can be loaded", () => {
  const messages = [message(60), message(61)];
  const state = after(started, { type: "contact", seq: 11, contact: card({ version: 2 }), messages, more: true });
  assert.deepEqual(state.timelines["2"].messages.map((m) => m.seq), [60, 61]);
  assert.equal(state.timelines["2"].more, true);
  const filled = withEarlier(state, "2", [message(1), message(2)], false);
  assert.deepEqual(filled.timelines["2"].messages.map((m) => m.seq), [1, 2, 60, 61]);
  assert.equal(filled.timelines["2"].more, false);
});

test("earlier messages that were loaded stay through a snapshot that goes on from them", () => {
  const state = after(started, snapshot({ contacts: [{ ...card(), messages: [message(2), message(3)], more: true }] }));
  assert.deepEqual(state.timelines["2"].messages.map((m) => m.seq), [1, 2, 3]);
  assert.equal(state.timelines["2"].more, false);
});

test("an offer is timed by this browser's clock, and a prolonged one keeps its place", () => {
  const offer = (seq, id, s) => ({ type: "offer", seq, offer: id, contact: card({ contact: id, state: "offered" }), expires_in_s: s });
  const state = after(started, offer(11, "50", 30), offer(12, "51", 20), offer(13, "50", 45));
  assert.deepEqual(state.offers.map((o) => [o.offer, o.endsAt, o.total_s]), [["50", 46_000, 45], ["51", 21_000, 20]]);
  assert.deepEqual(after(started, offer(11, "50", 30), { type: "offer_ended", seq: 12, offer: "50", why: "missed" }).offers, []);
});

test("a contact that became mine is no longer offered", () => {
  const offer = { type: "offer", seq: 11, offer: "50", contact: card({ contact: "3", state: "offered" }), expires_in_s: 30 };
  const taken = { type: "contact", seq: 12, contact: card({ contact: "3", version: 2 }) };
  assert.deepEqual(after(started, offer, taken).offers, []);
});

test("deliveries are kept by send id, whichever frame brings them", () => {
  const beside = { type: "contact", seq: 11, contact: card({ version: 2 }), deliveries: [{ send_id: "9", state: "queued", message_seq: 3 }] };
  const state = after(started, beside, { type: "delivery", seq: 12, send_id: "9", state: "unknown", code: null, message_seq: 3 });
  assert.equal(state.deliveries["9"].state, "unknown");
});

test("a gap is noticed, but not in a snapshot", () => {
  const state = after(started);
  assert.equal(isGap(state, { type: "agent", seq: 12 }), true);
  assert.equal(isGap(state, { type: "agent", seq: 11 }), false);
  assert.equal(isGap(state, { type: "snapshot", seq: 99 }), false);
  assert.equal(isGap(state, { type: "error" }), false);
});

test("unknown frames count and change nothing else", () => {
  const state = after(started, { type: "weather", seq: 11 });
  assert.equal(state.seq, 11);
  assert.deepEqual(state.contacts, after(started).contacts);
});

test("the list shows what is in hand before what is wrapped up, in the order taken", () => {
  const at = (n) => `2026-11-23T0${n}:00:00+00:00`;
  const contacts = [
    card({ contact: "1", accepted: at(1), state: "wrap_up" }),
    card({ contact: "2", case: "20", accepted: at(3) }),
    card({ contact: "3", case: "30", accepted: at(2) }),
  ];
  assert.deepEqual(listed(after(snapshot({ contacts }))).map((c) => c.contact), ["3", "2", "1"]);
});

test("what I closed is shown once a case, until it is in hand again", () => {
  const closed = { type: "contact", seq: 11, contact: card({ version: 2, state: "closed" }) };
  const resolved = { type: "contact", seq: 12, contact: card({ version: 3, state: "closed", case_state: "resolved" }) };
  const state = after(started, closed, resolved);
  assert.deepEqual(lately(state).map((c) => [c.contact, c.case_state]), [["1", "resolved"]]);
  const again = reduce(state, { type: "contact", seq: 13, contact: card({ contact: "4", version: 1 }) }, 1);
  assert.deepEqual(lately(again), []);
});
