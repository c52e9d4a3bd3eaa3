import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as acts from "../../../agent_ui/static/console/acts.js";
import { acts as open } from "../../../agent_ui/static/console/model.js";

/** @type {object[]} */
let sent = [];
let online = true;

beforeEach(() => {
  open.value = [];
  sent = [];
  online = true;
  acts.useSender((frame) => online && sent.push(frame) > 0);
});

test("an act goes once, however often it is asked for", () => {
  acts.act("attempt", "5", "client_id", { contact: "5", outcome: "busy" });
  acts.act("attempt", "5", "client_id", { contact: "5", outcome: "reached" });
  acts.sendDue();
  assert.deepEqual(sent.map((frame) => frame.outcome), ["busy"]);
  assert.equal(sent[0].client_id, sent[0].ref);
  assert.equal(acts.isOpen("attempt", "5"), true);
  assert.equal(acts.isOpen("start", ""), false);
});

test("connected anew it goes again with the same id", () => {
  online = false;
  acts.act("start", "", "request_id", { channel: "visit" });
  assert.equal(sent.length, 0);
  online = true;
  acts.sendAll();
  acts.sendAll();
  assert.equal(sent.length, 2);
  assert.equal(sent[0].request_id, sent[1].request_id);
});

test("only its own answer settles it, and `unavailable` is none", () => {
  acts.act("start", "", "request_id", { channel: "visit" });
  const [{ ref }] = sent;
  assert.equal(acts.answered({ type: "contact", contact: {}, ref: "another" }), null);
  assert.equal(acts.answered({ type: "contact", contact: {} }), null);
  assert.equal(acts.answered({ type: "error", code: "unavailable", retry_after_s: 0, ref }), null);
  acts.sendDue();
  assert.equal(sent.length, 2);
  assert.equal(acts.answered({ type: "error", code: "wrong_state", ref })?.type, "start");
  assert.equal(acts.isOpen("start", ""), false);
  assert.equal(acts.answered({ type: "contact", contact: {}, ref }), null);
});
