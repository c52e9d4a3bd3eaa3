import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byName, CALM, held, levelOf, longestAhead, lowest, NEAR, openLine, OVER, sums, troubleFirst, WAITS, worst, worstLine,
} from "../../../agent_ui/static/board/rules.js";
import { AT, line, queue } from "./frames.js";

/** @param {{queue: string}} one */
const name = (one) => one.queue;
/** @param {{queue: string}[]} queues */
const keys = (queues) => queues.map(name);

test("over is longer than the target, near the last fifth before it", () => {
  assert.equal(levelOf(line({ waited: 61 }), AT), OVER);
  assert.equal(levelOf(line({ waited: 60 }), AT), NEAR);
  assert.equal(levelOf(line({ waited: 48 }), AT), NEAR);
  assert.equal(levelOf(line({ waited: 47 }), AT), WAITS);
  assert.equal(levelOf(line(), AT), CALM);
  assert.equal(levelOf(line({ waited: 47 }), AT + 20_000), OVER);
});

test("a queue is as bad as its worst channel, each against its own target", () => {
  const mail = line({ channel: "mail", waited: 7_200, seconds: 86_400 });
  const chat = line({ waited: 65 });
  assert.equal(worst(queue("a", mail, chat), AT), OVER);
  assert.equal(worstLine(queue("a", mail, chat), AT), chat);
  assert.equal(worst(queue("a", mail), AT), WAITS);
});

test("trouble comes first: over, near, waiting, calm; then how far; then by name", () => {
  const queues = [
    queue("calm b", line()), queue("calm a", line()),
    queue("long", line({ waited: 40_000, seconds: 86_400 })), queue("short", line({ waited: 40 })),
    queue("near", line({ waited: 55 })), queue("over", line({ waited: 62 })), queue("far over", line({ waited: 90 })),
  ];
  const wanted = ["far over", "over", "near", "short", "long", "calm a", "calm b"];
  assert.deepEqual(keys(troubleFirst(queues, AT, name, "en-GB")), wanted);
  assert.deepEqual(keys(troubleFirst(queues.toReversed(), AT, name, "en-GB")), wanted);
});

test("names sort as the language does: å ä ö last in Finnish and Swedish", () => {
  const queues = ["Öljy", "Zoo", "Äiti", "Åkeri", "Apu"].map((one) => queue(one, line()));
  for (const locale of ["fi-FI", "sv-FI"]) {
    assert.deepEqual(keys(byName(queues, name, locale)), ["Apu", "Zoo", "Åkeri", "Äiti", "Öljy"]);
  }
  assert.deepEqual(keys(byName(queues, name, "en-GB")), ["Äiti", "Åkeri", "Apu", "Öljy", "Zoo"].sort(
    new Intl.Collator("en-GB").compare));
});

test("while held, known queues stay where they stood and new ones come after", () => {
  const [a, b, c] = ["a", "b", "c"].map((one) => queue(one, line()));
  assert.deepEqual(keys(held([c, b, a], [a, b])), ["a", "b", "c"]);
  assert.deepEqual(keys(held([c], [a, b, c])), ["c"]);
});

test("counts are added, and the longest wait is the earliest", () => {
  const all = sums([
    line({ waited: 30, waiting: 2, abandoned: 1, short_abandoned: 1, promises: 2, kept: 1, in_hand: 1 }),
    line({ waited: 90, waiting: 3, promises: 1, kept: 1 }), line(),
  ]);
  assert.equal(all.waiting, 5);
  assert.equal(all.waitFrom, AT - 90_000);
  assert.deepEqual([all.abandoned, all.short_abandoned, all.promises, all.kept, all.in_hand], [1, 1, 3, 2, 1]);
});

test("a service level of several is counted from contacts, not from per cents", () => {
  const lines = [line({ level: 1, accepted: 90, abandoned: 0 }), line({ level: 0.5, accepted: 8, abandoned: 2 })];
  assert.deepEqual(sums(lines).service_level, { value: 0.95, seconds: 60, way: "negative" });
});

test("abandons weigh in only where they count", () => {
  const lines = [
    line({ level: 1, accepted: 5, abandoned: 95, way: "ignored" }), line({ level: 0, accepted: 5, way: "ignored" }),
  ];
  assert.equal(sums(lines).service_level?.value, 0.5);
});

test("levels against other times or counted in other ways are not added up", () => {
  const minute = line({ level: 1, accepted: 1 });
  assert.equal(sums([minute, line({ level: 1, accepted: 1, seconds: 90 })]).service_level, null);
  assert.equal(sums([minute, line({ level: 1, accepted: 1, way: "ignored" })]).service_level, null);
  assert.deepEqual(sums([minute, line({ seconds: 90 })]).service_level, minute.service_level);
});

test("the lowest level is of the channels that have one", () => {
  const low = line({ level: 0.2, channel: "mail" });
  assert.equal(lowest([line(), line({ level: 0.9 }), low]), low);
  assert.equal(lowest([line()]), undefined);
});

test("nothing counted is no zero", () => {
  const all = sums([line(), line()]);
  assert.equal(all.service_level?.value, null);
  assert.deepEqual([all.asa, all.aht, all.waitFrom], [{ value: null }, { value: null }, null]);
});

test("means are weighted, and left out where a weight is not known", () => {
  const two = [line({ asa_s: 10, accepted: 9, aht_s: 100 }), line({ asa_s: 110, accepted: 1, aht_s: 300 })];
  assert.deepEqual(sums(two).asa, { value: 20 });
  assert.equal(sums(two).aht, null);
  assert.deepEqual(sums(two.map((one, n) => ({ ...one, handled: 1 + 2 * n }))).aht, { value: 250 });
  assert.deepEqual(sums([two[0], line()]).aht, { value: 100 });
});

test("a queue is open where one of its channels is", () => {
  assert.equal(openLine([line({ open: false }), line({ open: true })])?.open, true);
  assert.equal(openLine([line({ open: false }), line()])?.open, false);
  assert.equal(openLine([line()]), undefined);
});

test("on the wall stands the estimate that is the longest for its target, and none that citizens are not told", () => {
  const chat = line({ estimate: { low_s: 60, high_s: 300 } });
  const mail = line({ channel: "mail", seconds: 86_400, estimate: { low_s: 0, high_s: 10_800 } });
  assert.equal(longestAhead([mail, chat, line({ estimate: null })]), chat);
  assert.equal(longestAhead([mail, { ...chat, estimate_silent: true }]), mail);
  assert.equal(longestAhead([{ ...chat, estimate_silent: true }, line()]), undefined);
});
