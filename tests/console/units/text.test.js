import assert from "node:assert/strict";
import { test } from "node:test";
import { retryAfter } from "../../../agent_ui/static/common/retry.js";
import { beginning, slashAt } from "../../../agent_ui/static/console/slash.js";
import { unquoted } from "../../../agent_ui/static/console/text.js";
import { filled, missingBefore, waitingSince } from "../../../agent_ui/static/console/timeline_data.js";
import { message } from "./frames.js";

test("a slash and some letters at the cursor ask for a template, and no path or date does", () => {
  assert.deepEqual(slashAt("Hei! /auk", 9), { from: 5, word: "auk" });
  assert.deepEqual(slashAt("/", 1), { from: 0, word: "" });
  assert.deepEqual(slashAt("Hei\n/Öpp tider", 8), { from: 4, word: "Öpp" });
  for (const text of ["ja/tai", "https://a", "1/2", "/auki nyt", ""]) assert.equal(slashAt(text, text.length), null, text);
});

test("a template is found by a word of its name in any language, or its key", () => {
  const one = (key, fi, en) => ({ key, organisation: "city", name: { fi, en }, text: { fi: "x" } });
  const all = [one("hours", "Kirjaston aukioloajat", "Opening hours"), one("thanks", "Kiitos", "Thank you")];
  const keys = (word) => beginning(all, word).map(({ key }) => key);
  assert.deepEqual([keys("AUKI"), keys("thank"), keys("open"), keys("x"), keys("")], [["hours"], ["thanks"], ["hours"], [], ["hours", "thanks"]]);
});

test("a quotation of three lines or more at the end is folded, never all there is", () => {
  assert.deepEqual(unquoted("Kiitos!\n\n> a\n> b\n> c\n"), { said: "Kiitos!", quoted: "> a\n> b\n> c" });
  assert.equal(unquoted("Kiitos!\n> a").quoted, "");
  assert.equal(unquoted("> a\n> b\n> c").quoted, "");
  assert.equal(unquoted("> a\n> b\n> c\nVastaus alla").quoted, "");
});

test("a hole between messages is found and filled", () => {
  const known = { messages: [message(1), message(2), message(5)], more: false };
  assert.equal(missingBefore(known), 5);
  const whole = filled(known, [message(3), message(4)], true);
  assert.equal(missingBefore(whole), null);
  assert.equal(whole.more, false);
});

test("the citizen waits since the first message after the last reply; notes answer nobody", () => {
  const out = message(2, { direction: "outbound" });
  const note = message(5, { direction: "note" });
  const known = { messages: [message(1), out, message(3), message(4), note], more: false };
  assert.equal(waitingSince(known), message(3).at);
  assert.equal(waitingSince({ messages: [message(1), out], more: false }), null);
});

test("tries to connect are spread and never far apart", () => {
  assert.equal(retryAfter(0, 1006, 10_000, 1), 500);
  assert.equal(retryAfter(0, 1006, 10_000, 0), 250);
  assert.equal(retryAfter(50, 1006, 10_000, 1), 10_000);
  assert.equal(retryAfter(0, 4429, 10_000, 1), 5_000);
});
