import assert from "node:assert/strict";
import { test } from "node:test";
import { ageOf, ServerClock } from "../../../agent_ui/static/board/age.js";
import { initial, next } from "../../../agent_ui/static/board/store.js";
import { agent, AT, frame, row } from "./frames.js";

test("the channels of a queue stand together, organisations apart", () => {
  const rows = [row(), row({ channel: "mail" }), row({ organisation: "kela" })];
  const { queues } = next(initial(), frame(rows));
  assert.deepEqual(queues.map((one) => [one.id, one.lines.length]), [["city/parking", 2], ["kela/parking", 1]]);
});

test("a wait is kept by its beginning", () => {
  const [queue] = next(initial(), frame([row({ longest_wait_s: 90.5 })])).queues;
  assert.equal(queue.lines[0].waitFrom, AT - 90_500);
});

test("what has not changed stays the same object, though a wait has grown", () => {
  const rows = [row({ longest_wait_s: 90 }), row({ queue: "streets", waiting: 1 })];
  const before = next(initial(), frame(rows, [agent(), agent({ agent: "2" })]));
  const grown = [row({ longest_wait_s: 90.6 }), row({ queue: "streets", waiting: 2 })];
  const after = next(before, frame(grown, [agent(), agent({ agent: "2", load: 1 })], 500));
  assert.equal(after.queues[0], before.queues[0]);
  assert.notEqual(after.queues[1], before.queues[1]);
  assert.equal(after.agents[0], before.agents[0]);
  assert.notEqual(after.agents[1], before.agents[1]);
  const again = next(after, frame(grown, [agent(), agent({ agent: "2", load: 1 })], 500));
  assert.equal(again.queues, after.queues);
  assert.equal(again.agents, after.agents);
});

test("somebody else's wait is another wait", () => {
  const before = next(initial(), frame([row({ longest_wait_s: 90 })]));
  const after = next(before, frame([row({ longest_wait_s: 20 })], [], 500));
  assert.equal(after.queues[0].lines[0].waitFrom, AT + 500 - 20_000);
});

test("who is gone is gone", () => {
  const before = next(initial(), frame([row(), row({ channel: "mail" })], [agent()]));
  const after = next(before, frame([row()]));
  assert.equal(after.queues[0].lines.length, 1);
  assert.deepEqual(after.agents, []);
});

/** Figures true at AT that came at `got` of a clock `ahead` of the server's. @param {number} got */
const figures = (got) => ({ at: AT, got, heard: 1_000 });

test("a right clock is trusted: figures that were old when they came are old", () => {
  const clock = new ServerClock();
  clock.heard(AT, AT + 900);
  assert.equal(ageOf(clock, figures(AT + 900), AT + 1_000, 1_100), 1_000);
});

test("a clock that is behind or ahead does not make figures old or young", () => {
  const behind = new ServerClock();
  behind.heard(AT, AT - 60_000);
  assert.equal(ageOf(behind, figures(AT - 60_000), AT - 58_000, 3_000), 2_000);
  const ahead = new ServerClock();
  ahead.dated(new Date(AT).toUTCString(), AT + 60_000, AT + 60_100);
  ahead.heard(AT, AT + 60_000);
  const age = ageOf(ahead, figures(AT + 60_000), AT + 62_000, 3_000);
  assert.ok(age >= 2_000 && age <= 3_000, String(age));
});

test("a server that sends old figures from the start is found out by its own clock", () => {
  const clock = new ServerClock();
  clock.dated(new Date(AT + 60_000).toUTCString(), AT + 60_000, AT + 60_100);
  clock.heard(AT, AT + 60_100);
  assert.ok(ageOf(clock, figures(AT + 60_100), AT + 60_100, 1_000) > 59_000);
});

test("figures age on though the clock is set back, or the computer slept", () => {
  const clock = new ServerClock();
  clock.heard(AT, AT);
  assert.equal(ageOf(clock, figures(AT), AT - 3_600_000, 11_000), 10_000);
  assert.equal(ageOf(clock, figures(AT), AT + 3_600_000, 1_000), 3_600_000);
});

test("an answer that contradicts what was known is believed", () => {
  const clock = new ServerClock();
  clock.heard(AT, AT);
  clock.dated(new Date(AT).toUTCString(), AT + 60_000, AT + 60_050); // this clock was set ahead
  assert.ok(Math.abs(clock.ahead - 59_500) < 1_000);
  clock.heard(AT, AT + 500); // and back
  assert.equal(clock.ahead, 0);
});
