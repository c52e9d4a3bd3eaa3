import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as drafts from "../../../agent_ui/static/console/drafts.js";
import { outbox } from "../../../agent_ui/static/console/model.js";
import { initial, reduce } from "../../../agent_ui/static/console/store.js";
import { card, snapshot } from "./frames.js";

/** @type {object[]} */
let sent = [];
const empty = initial();
const mine = (draft) => reduce(empty, snapshot({ contacts: [card({ draft })] }), 0);

beforeEach(() => {
  sent = [];
  drafts.drafts.value = {};
  drafts.leftovers.value = [];
  outbox.value = [];
  drafts.useSender((frame) => sent.push(frame) > 0);
});

test("a contact that comes to me brings its draft", () => {
  drafts.follow(empty, mine("Hei,"), true);
  assert.equal(drafts.draftOf("1").reply, "Hei,");
});

test("what stands on screen wins over what the server says", () => {
  drafts.follow(empty, mine("Hei,"), true);
  drafts.change("1", { reply: "Hei Maija," });
  drafts.follow(mine("Hei,"), mine("Hei,"), true);
  assert.equal(drafts.draftOf("1").reply, "Hei Maija,");
});

test("a reply on its way is not taken for a draft", () => {
  outbox.value = [{ client_id: "a", contact: "1", case: "2", kind: "reply", text: "Hei,", at: "", who: "", error: null }];
  drafts.follow(empty, mine("Hei,"), true);
  assert.equal(drafts.draftOf("1").reply, "");
});

test("a draft is sent once and is kept when the server says so", () => {
  drafts.change("1", { reply: "Hei" });
  drafts.save("1");
  drafts.save("1");
  assert.equal(sent.length, 1);
  assert.equal(drafts.draftOf("1").saved, "");
  assert.equal(drafts.answered({ type: "draft", contact: "1", ref: sent[0].ref }), true);
  assert.equal(drafts.draftOf("1").saved, "Hei");
});

test("after a lost connection what was not confirmed is sent again", () => {
  drafts.change("1", { reply: "Hei" });
  drafts.save("1");
  drafts.saveAll();
  assert.equal(sent.length, 2);
});

test("what was sent from another tab is no draft here", () => {
  drafts.follow(empty, mine("Hei,"), true);
  drafts.said("1", { direction: "outbound", text: "Hei,", client_id: "x" });
  assert.equal(drafts.draftOf("1").reply, "");
  drafts.change("1", { reply: "Uusi" });
  drafts.said("1", { direction: "outbound", text: "Hei,", client_id: "x" });
  assert.equal(drafts.draftOf("1").reply, "Uusi");
});

test("what a contact leaves behind is put aside", () => {
  drafts.follow(empty, mine("Hei,"), true);
  drafts.change("1", { reply: "Hei Maija,", note: "muista" });
  drafts.follow(mine("Hei,"), empty, false);
  assert.deepEqual(drafts.leftovers.value.map((one) => [one.kind, one.text]), [["reply", "Hei Maija,"], ["note", "muista"]]);
});

test("a draft that the server keeps with the contact is not put aside, of a closed one it is", () => {
  drafts.follow(empty, mine("Hei,"), true);
  drafts.follow(mine("Hei,"), empty, false);
  assert.deepEqual(drafts.leftovers.value, []);
  drafts.follow(empty, mine("Hei,"), true);
  const closed = reduce(mine("Hei,"), { type: "contact", seq: 11, contact: card({ version: 2, state: "closed" }) }, 0);
  drafts.follow(mine("Hei,"), closed, false);
  assert.deepEqual(drafts.leftovers.value.map((one) => one.text), ["Hei,"]);
});
