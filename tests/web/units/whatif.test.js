import assert from "node:assert/strict";
import { test } from "node:test";
import { reach, series } from "../../../agent_ui/static/whatif/series.js";

const NINE = "2026-11-26T09:00:00Z";
const AT = Date.parse(NINE) / 1000;

/** @param {string} from @param {number | null} mean */
const slot = (from, mean) => {
  const found = mean === null ? null : { mean, low: mean - 0.1, high: mean + 0.1 };
  return { from, counted: null, before: { service_level: found }, after: { service_level: found } };
};

test("one half hour alone reaches from its beginning to its end", () => {
  const answer = { intervals: [slot(NINE, 0.5)] };
  const [at, mean, low, high, , , , counted] = series(answer, "service_level");
  assert.deepEqual(at, [AT, AT + 1799]);
  assert.deepEqual(mean, [0.5, 0.5]);
  assert.deepEqual(low, [0.4, 0.4]);
  assert.deepEqual(high, [0.6, 0.6]);
  assert.deepEqual(counted, [null, null]);
  assert.deepEqual(reach(answer), [AT, AT + 1800]);
});

test("moments only grow, and what is not known stays a gap", () => {
  const answer = { intervals: [slot(NINE, 0.5), slot("2026-11-26T09:30:00Z", null), slot("2026-11-26T10:00:00Z", 1)] };
  const [at = [], mean] = series(answer, "service_level");
  assert.deepEqual([...at].sort((a, b) => a - b), at);
  assert.equal(new Set(at).size, at.length);
  assert.deepEqual(mean, [0.5, 0.5, null, null, 1, 1]);
});

test("nothing has a reach, too", () => {
  assert.deepEqual(series({ intervals: [] }, "asa_s")[0], []);
  assert.deepEqual(reach({ intervals: [] }), [0, 1800]);
});
