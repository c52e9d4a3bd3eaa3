import assert from "node:assert/strict";
import { test } from "node:test";
import { goesOn, isLine, newestSaid, newestSeen } from "../../../agent_ui/static/console/chat_lines.js";
import { initial, isGap, reduce, withSeen } from "../../../agent_ui/static/console/store.js";
import { card, message, snapshot } from "./frames.js";

const chat = (fields) => card({ channel: "chat", here: true, citizen_read: 0, ...fields });
const started = snapshot({ contacts: [{ ...chat(), messages: [message(1)], more: false }] });
const told = (seq, n, fields) => ({ type: "message", seq, contact: "1", case: "2", message: message(n, fields) });

/** @param {object[]} frames */
function after(...frames) {
  return frames.reduce((state, frame) => reduce(state, frame, 1000), initial());
}

test("a chat's unread messages are counted here, each once, a reply and a note not", () => {
  const state = after(started, told(11, 2), told(12, 2), told(13, 3, { direction: "outbound" }), told(14, 4, { direction: "note" }));
  assert.equal(state.contacts["1"].unread, 1);
  assert.equal(withSeen(state, "1").contacts["1"].unread, 0);
});

test("a mail's are not: its card says how many", () => {
  const mail = snapshot({ contacts: [{ ...card({ unread: 1 }), messages: [message(1)], more: false }] });
  const state = after(mail, told(11, 2));
  assert.equal(state.contacts["1"].unread, 1);
  assert.equal(withSeen(state, "1").contacts["1"].unread, 1);
});

test("a card that follows says how many again", () => {
  const away = { type: "contact", seq: 12, contact: chat({ version: 2, unread: 1, here: false }) };
  assert.equal(after(started, told(11, 2), away).contacts["1"].unread, 1);
});

test("`read` bears a message's number and leaves the numbering alone", () => {
  const read = { type: "read", contact: "1", seq: 900 };
  const state = after(started, read);
  assert.equal(state.seq, 10);
  assert.equal(state.contacts["1"].citizen_read, 900);
  assert.equal(isGap(after(started), read), false);
  assert.equal(reduce(state, told(11, 2), 1).seq, 11);
});

test("what the citizen has seen never falls, and is nothing for a contact that is not mine", () => {
  const late = { type: "contact", seq: 11, contact: chat({ version: 2, citizen_read: 3 }) };
  assert.equal(after(started, { type: "read", contact: "1", seq: 5 }, late).contacts["1"].citizen_read, 5);
  assert.equal(after(started, { type: "read", contact: "1", seq: 5 }, { type: "read", contact: "1", seq: 4 }).contacts["1"].citizen_read, 5);
  assert.deepEqual(Object.keys(after(started, { type: "read", contact: "9", seq: 5 }).contacts), ["1"]);
});

test("a citizen who has written writes no more; my reply does not stop them", () => {
  const typing = { type: "typing", contact: "1" };
  assert.deepEqual(after(started, typing, told(11, 2)).typing, {});
  assert.deepEqual(after(started, typing, told(11, 2, { direction: "outbound" })).typing, { 1: 1000 });
});

test("lines of one writer in one minute go together", () => {
  const at = (second) => `2026-11-23T08:00:${second}.000000+00:00`;
  const first = message(1, { at: at("01") });
  assert.equal(goesOn(undefined, first), false);
  assert.equal(goesOn(first, message(2, { at: at("59") })), true);
  assert.equal(goesOn(first, message(2, { at: "2026-11-23T08:01:00+00:00" })), false);
  assert.equal(goesOn(first, message(2, { at: at("02"), direction: "outbound" })), false);
  assert.equal(goesOn(first, message(2, { at: at("02"), from: "Otto" })), false);
  assert.equal(goesOn(message(1, { at: at("01"), direction: "note" }), message(2, { at: at("02"), direction: "note" })), false);
});

test("a mail or a note of the case is no line", () => {
  assert.equal(isLine(message(1)), true);
  for (const fields of [{ subject: "x" }, { html: true }, { send_id: "1" }, { direction: "note" }]) {
    assert.equal(isLine(message(1, fields)), false, JSON.stringify(fields));
  }
});

test("the newest reply seen, and the newest said", () => {
  const out = (seq) => message(seq, { direction: "outbound" });
  const messages = [message(1), out(2), out(4), message(5), message(6, { direction: "note" })];
  assert.equal(newestSeen(messages, 3), 2);
  assert.equal(newestSeen(messages, 9), 4);
  assert.equal(newestSeen(messages, 1), 0);
  assert.equal(newestSaid(messages)?.seq, 5);
});
