import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOf, settle } from "../../../agent_ui/static/console/outbox.js";
import { card, message, snapshot } from "./frames.js";

const reply = { client_id: "a", contact: "1", case: "2", kind: "reply", text: "Hei", at: "", who: "", error: null };
const note = { ...reply, client_id: "a", kind: "note" };

test("it is sent with its own id, whatever happens", () => {
  assert.deepEqual(frameOf(reply), { type: "reply", contact: "1", client_id: "a", text: "Hei" });
});

test("the server's own copy settles it; one of another case or direction does not", () => {
  const copy = message(3, { direction: "outbound", client_id: "a" });
  const told = { type: "message", contact: "1", case: "2", message: copy };
  assert.deepEqual(settle([reply], told), []);
  assert.equal(settle([reply], { ...told, case: "3" }).length, 1);
  assert.equal(settle([note], told).length, 1);
  assert.equal(settle([reply], { ...told, message: message(3) }).length, 1);
});

test("a snapshot or a contact with its messages settles it too", () => {
  const messages = [message(3, { direction: "outbound", client_id: "a" })];
  assert.deepEqual(settle([reply], snapshot({ contacts: [{ ...card(), messages }] })), []);
  assert.deepEqual(settle([reply], { type: "contact", contact: card(), messages }), []);
  assert.equal(settle([reply], { type: "contact", contact: card() }).length, 1);
});

test("a refusal keeps it with the reason, `unavailable` keeps it going", () => {
  const no = { type: "error", client_id: "a", code: "not_yours", message: "Ei ole sinulla." };
  assert.equal(settle([reply], no)[0]?.error, "Ei ole sinulla.");
  assert.equal(settle([reply], { ...no, code: "unavailable" })[0]?.error, null);
  assert.equal(settle([reply], { ...no, client_id: "b" })[0]?.error, null);
});
