import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../../../agent_ui/static/common/links.js";
import { retryAfter } from "../../../agent_ui/static/common/retry.js";
import { unquoted } from "../../../agent_ui/static/console/text.js";
import { filled, missingBefore, waitingSince } from "../../../agent_ui/static/console/timeline_data.js";
import { message } from "./frames.js";

test("web addresses become links, without the full stop after them", () => {
  assert.deepEqual(pieces("Katso https://example.fi/a?b=1."), [
    { text: "Katso ", link: false },
    { text: "https://example.fi/a?b=1", link: true },
    { text: ".", link: false },
  ]);
});

test("nothing else becomes a link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "<a href=x>", "www.example.fi", "ftp://a.b"]) {
    assert.deepEqual(pieces(text), [{ text, link: false }]);
  }
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
