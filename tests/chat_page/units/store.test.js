import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesOf, initial, inOrder, lastSeq, lostOf, reduce, settle, unreadOf } from "../../../agent_ui/static/chat/store.js";
import { waitText } from "../../../agent_ui/static/common/wait.js";

const welcome = { type: "welcome", contact: "1", resume: "s", seq: 0 };
const inbound = { type: "message", seq: 3, direction: "inbound", from: "", client_id: "a", text: "x", at: "" };
const outbound = { type: "message", seq: 5, direction: "outbound", from: "Aino", text: "y", at: "" };
const after = (...frames) => frames.reduce((state, frame) => reduce(state, frame, 7), initial());
const unsent = (client_id) => ({ client_id, text: client_id, at: "", error: null });

test("messages stand by number, each once, whatever the order they came in", () => {
  const state = after(welcome, outbound, inbound, outbound);
  assert.deepEqual(state.messages.map((one) => one.seq), [3, 5]);
  assert.equal(lastSeq(state), 5);
});

test("who comes and goes stands among what is said, and that stays by number", () => {
  const said = [[6, 10], [7, 13], [8, 12]].map(([seq, at]) => ({ ...outbound, seq, at: `${at}` }));
  const turns = ["14", "11"].map((at) => ({ id: at, at, came: false }));
  assert.deepEqual(inOrder(said, turns).map((one) => one.seq ?? one.id), [6, "11", 7, 8, "14"]);
  assert.deepEqual(inOrder(said, []), said);
});

test("what the server lost in a failover goes, and one's own of it is sent again", () => {
  const before = after({ ...welcome, seq: 0 }, inbound, outbound, { ...inbound, seq: 7, client_id: "b", text: "z" });
  const back = { ...welcome, seq: 5 };
  assert.deepEqual(lostOf(before, back), [{ client_id: "b", text: "z", at: "", error: null }]);
  const state = reduce(before, back, 7);
  assert.deepEqual(state.messages.map((one) => one.seq), [3, 5]);
  assert.deepEqual(lostOf(state, back), []);
  const next = { ...outbound, seq: 7, text: "new" };
  assert.equal(reduce(state, next, 7).messages.at(-1).text, "new");
});

test("a welcome back to the same agent is no new wait", () => {
  const joined = { type: "joined", agent: "Aino" };
  assert.equal(after(welcome, joined, welcome).phase, "talking");
  assert.equal(after(welcome, joined, { ...welcome, contact: "2" }).phase, "waiting");
});

test("waiting after an agent was there means the agent is lost", () => {
  const waiting = { type: "waiting", place: 1, staffed: true };
  assert.equal(after(welcome, waiting).lost, false);
  assert.equal(after(welcome, { type: "joined", agent: "Aino" }, waiting).lost, true);
});

test("who came and left stands once, and says whether one waits again", () => {
  const came = { type: "agent_came", id: "4", at: "1", agent: "Aino" };
  const left = { type: "agent_left", id: "6", at: "2", agent: "Aino", why: "lost" };
  const state = after(welcome, came, left, came, left);
  assert.deepEqual(state.turns.map((one) => [one.id, one.came, one.why]), [["4", true, undefined], ["6", false, "lost"]]);
  assert.equal(state.lost, true);
  assert.equal(after(welcome, came, left, { ...came, id: "9" }).lost, false);
});

test("answers may be pressed under the newest message alone, until somebody writes", () => {
  const asked = { ...outbound, choices: ["Kyllä", "Ei"] };
  assert.deepEqual(choicesOf(after(welcome, asked).messages, []), ["Kyllä", "Ei"]);
  assert.deepEqual(choicesOf(after(welcome, asked).messages, [unsent("a")]), []);
  for (const next of [{ ...inbound, seq: 7 }, { ...outbound, seq: 7 }]) {
    assert.deepEqual(choicesOf(after(welcome, asked, next).messages, []), []);
  }
  assert.deepEqual(choicesOf([], []), []);
});

test("the question whether one is there ends with its answer, a word, or the chat", () => {
  const idle = { type: "idle", closes_at: "2026", closes_in_s: 3 };
  assert.equal(after(welcome, idle).idleAt, 3_007);
  for (const end of [{ type: "idle", closes_at: null }, inbound, outbound, { type: "waiting", place: 1 }, { type: "closed", reason: "idle" }]) {
    assert.equal(after(welcome, idle, end).idleAt, 0, end.type);
  }
  const left = { type: "closed", reason: "left" };
  assert.equal(after(welcome, { type: "waiting", place: 1 }, left, left).leftFrom, "waiting");
});

test("an answer ends the typing, one's own message does not", () => {
  assert.equal(after(welcome, { type: "typing" }, inbound).typingAt, 7);
  assert.equal(after(welcome, { type: "typing" }, outbound).typingAt, 0);
});

test("a read mark never goes back", () => {
  assert.equal(after({ type: "read", seq: 5 }, { type: "read", seq: 3 }).readSeq, 5);
});

test("a left message is not overtaken by the end of the wait", () => {
  const state = after(welcome, { type: "left_message", contact: "9" }, { type: "closed", reason: "left" });
  assert.equal(state.phase, "left_message");
});

test("a wait that became a call is not overtaken by its end", () => {
  const asked = after({ ...welcome, offers: ["callback"] });
  assert.deepEqual(asked.offers, ["callback"]);
  assert.deepEqual(after(welcome).offers, []);
  const url = "https://x.example/callback/a";
  const state = reduce(asked, { type: "changed", contact: "1", status_url: url }, 0);
  assert.deepEqual([state.phase, state.statusUrl], ["changed", url]);
  assert.equal(reduce(state, { type: "closed", reason: "changed" }, 0), state);
});

test("a frame of a kind not known yet changes nothing", () => {
  const state = after(welcome);
  assert.equal(reduce(state, { type: "surprise" }, 0), state);
});

test("the echo takes out its own message alone", () => {
  assert.deepEqual(settle([unsent("a"), unsent("b")], inbound), [unsent("b")]);
  assert.deepEqual(settle([unsent("a")], { ...outbound, client_id: "a" }), [unsent("a")]);
});

test("unavailable is no refusal, others are, and the end refuses what is left", () => {
  const error = { type: "error", code: "too_large", message: "Liian suuri.", client_id: "a" };
  assert.equal(settle([unsent("a")], error)[0].error, "Liian suuri.");
  assert.equal(settle([unsent("a")], { ...error, code: "unavailable" })[0].error, null);
  const ended = settle([unsent("a"), { ...unsent("b"), error: "no" }], { type: "closed", reason: "agent" });
  assert.deepEqual(ended.map((one) => one.error), ["", "no"]);
});

test("unread are the agent's messages after the last seen", () => {
  const { messages } = after(welcome, inbound, outbound, { ...outbound, seq: 8 });
  assert.equal(unreadOf(messages, 5), 1);
});

test("an estimate is both its ends, and the same one stays the same object", () => {
  const waiting = { type: "waiting", place: 2, staffed: true, low_s: 60, high_s: 300 };
  const state = after(welcome, waiting);
  assert.deepEqual(state.wait, { low_s: 60, high_s: 300 });
  assert.equal(reduce(state, { ...waiting, place: 1 }, 8).wait, state.wait);
  assert.equal(after(welcome, waiting, { ...waiting, low_s: null, high_s: null }).wait, null);
});

test("a wait is said in minutes, from two hours on in half hours", () => {
  const said = (low_s, high_s) => {
    const [key, params] = waitText(low_s, high_s, "fi-FI");
    return [key.replace("chat.estimate.", ""), ...Object.values(params)].join(" ");
  };
  assert.equal(said(0, 60), "minute");
  assert.equal(said(0, 300), "up_to_minutes 5");
  assert.equal(said(180, 480), "minutes 3 8");
  assert.equal(said(300, 300), "about_minutes 5");
  assert.equal(said(5400, 7200), "minutes 90 120");
  assert.equal(said(6300, 10800), "hours 1,5 3");
  assert.equal(said(900, 10800), "up_to_hours 3");
});
