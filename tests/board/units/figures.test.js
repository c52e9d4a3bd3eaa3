import assert from "node:assert/strict";
import { test } from "node:test";
import { between, count, duration, minutes, percent, target, tenths } from "../../../agent_ui/static/board/figures.js";

/** @param {string} text */
const spaced = (text) => text.replace(/\s/gu, " ");

test("a share is in whole per cent, as the language writes it", () => {
  assert.equal(spaced(percent(0.824, "fi-FI")), "82 %");
  assert.equal(spaced(percent(0.824, "sv-FI")), "82 %");
  assert.equal(percent(0.824, "en-GB"), "82%");
});

test("almost all is not all, and almost none is not none", () => {
  assert.equal(percent(0.9999, "en-GB"), "99%");
  assert.equal(percent(1, "en-GB"), "100%");
  assert.equal(percent(0.0001, "en-GB"), "1%");
  assert.equal(percent(0, "en-GB"), "0%");
});

test("an age has tenths below ten seconds, with the language's own comma", () => {
  assert.equal(tenths(0.44, "fi-FI"), "0,4");
  assert.equal(tenths(0.44, "sv-FI"), "0,4");
  assert.equal(tenths(0.44, "en-GB"), "0.4");
  assert.equal(tenths(9.94, "en-GB"), "9.9");
  assert.equal(tenths(9.96, "en-GB"), "10");
});

test("thousands are apart", () => {
  assert.equal(spaced(count(12345, "fi-FI")), "12 345");
  assert.equal(count(12345, "en-GB"), "12,345");
});

test("a span has its unit once, where one will do", () => {
  assert.deepEqual(between(180, 1_800), ["board.time.between_min", { low: 3, high: 30 }]);
  assert.deepEqual(between(3_600, 10_800), ["board.time.between_h", { low: 1, high: 3 }]);
  for (const [low, high] of [[0, 300], [300, 300], [1_800, 5_400], [90, 300]]) assert.equal(between(low, high), null);
});

test("a duration has its two largest units", () => {
  assert.deepEqual(duration(43.9), ["board.time.s", { s: 43 }]);
  assert.deepEqual(duration(59.999), ["board.time.s", { s: 59 }]);
  assert.deepEqual(duration(128), ["board.time.min_s", { min: 2, s: "08" }]);
  assert.deepEqual(duration(3_599), ["board.time.min_s", { min: 59, s: "59" }]);
  assert.deepEqual(duration(3_600), ["board.time.h", { h: 1 }]);
  assert.deepEqual(duration(11_760), ["board.time.h_min", { h: 3, min: 16 }]);
  assert.deepEqual(duration(86_400), ["board.time.d", { d: 1 }]);
  assert.deepEqual(duration(183_600), ["board.time.d_h", { d: 2, h: 3 }]);
  assert.deepEqual(duration(-5), ["board.time.s", { s: 0 }]);
});

test("a time in a state counts whole minutes", () => {
  assert.deepEqual(minutes(59), ["board.time.under_min", {}]);
  assert.deepEqual(minutes(119), ["board.time.min", { min: 1 }]);
  assert.deepEqual(minutes(7_300), ["board.time.h_min", { h: 2, min: 1 }]);
});

test("a target is a whole number of its unit", () => {
  assert.deepEqual(target(20), ["board.time.s", { s: 20 }]);
  assert.deepEqual(target(90), ["board.time.s", { s: 90 }]);
  assert.deepEqual(target(3_600), ["board.time.min", { min: 60 }]);
  assert.deepEqual(target(7_200), ["board.time.h", { h: 2 }]);
  assert.deepEqual(target(86_400), ["board.time.h", { h: 24 }]);
  assert.deepEqual(target(172_800), ["board.time.d", { d: 2 }]);
});
