import assert from "node:assert/strict";
import { test } from "node:test";
import { againAt, isLast, standing, tryNumber } from "../../../agent_ui/static/console/callback.js";
import { zone } from "../../../agent_ui/static/common/zone.js";
import { canHold, canWrite, isByHand } from "../../../agent_ui/static/console/channels.js";
import { card } from "./frames.js";

const promise = { from: "2026-11-26T08:00:00+00:00", to: "2026-11-26T08:30:00+00:00" };
const at = (time) => Date.parse(`2026-11-26T${time}:00Z`);
const owed = (fields) => ({ attempts: 0, most: 3, promise, outcome: null, dialled_at: null, ...fields });

test("a promise is to come, running, or missed; its end is in it, as for the server", () => {
  assert.deepEqual(standing(owed(), at("07:50")), { key: "before", seconds: 600 });
  assert.deepEqual(standing(owed(), at("08:00")), { key: "now", seconds: 1800 });
  assert.deepEqual(standing(owed(), at("08:29")), { key: "now", seconds: 60 });
  assert.deepEqual(standing(owed(), at("08:30")), { key: "now", seconds: 0 });
  assert.deepEqual(standing(owed(), at("08:31")), { key: "missed", seconds: 60 });
  assert.equal(standing(owed({ promise: null }), at("08:30")), null);
});

test("a dial in the window keeps it for good, one outside does not", () => {
  const dialled = (time) => standing(owed({ dialled_at: `2026-11-26T${time}:00+00:00` }), at("09:00"))?.key;
  assert.deepEqual(["07:59", "08:00", "08:30", "08:31"].map(dialled), ["missed", "kept", "kept", "missed"]);
});

test("tries are counted from 1, and a reached one is no other", () => {
  assert.equal(tryNumber(owed()), 1);
  assert.equal(tryNumber(owed({ attempts: 2, outcome: "busy" })), 3);
  assert.equal(tryNumber(owed({ attempts: 3, outcome: "no_answer" })), 3);
  assert.equal(tryNumber(owed({ attempts: 2, outcome: "reached" })), 2);
  assert.equal(tryNumber(owed({ attempts: 2, outcome: "wrong_number" })), 2);
  assert.deepEqual([0, 1, 2].map((attempts) => isLast(owed({ attempts }))), [false, false, true]);
});

test("again by the rule is no moment; else it is minutes from now, or what was typed", () => {
  assert.equal(againAt("", "2026-11-26T10:00", at("08:00")), undefined);
  assert.equal(againAt("15", "", at("08:00")), "2026-11-26T08:15:00.000Z");
  zone.value = "Europe/Helsinki";
  assert.equal(againAt("at", "2026-11-26T10:00", at("08:00")), "2026-11-26T08:00:00.000Z");
});

test("what a channel lets an agent do", () => {
  const of = (check) => ["chat", "mail", "callback", "call", "visit", "letter"].filter((channel) => check(card({ channel })));
  assert.deepEqual(of(isByHand), ["call", "visit", "letter"]);
  assert.deepEqual(of(canWrite), ["chat", "mail"]);
  assert.deepEqual(of(canHold), ["callback", "call", "visit"]);
  assert.equal(canHold(card({ channel: "call", state: "wrap_up" })), false);
});
