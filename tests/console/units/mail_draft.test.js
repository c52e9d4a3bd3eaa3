import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as drafts from "../../../agent_ui/static/console/drafts.js";
import {
  addressesIn, countOf, fieldsOf, isAddress, keyOf, mailOf, NO_MAIL, tooMuch, wrongIn,
} from "../../../agent_ui/static/console/mail_draft.js";
import { outbox } from "../../../agent_ui/static/console/model.js";
import { frameOf, settle } from "../../../agent_ui/static/console/outbox.js";
import { initial, lately, reduce } from "../../../agent_ui/static/console/store.js";
import { card, message, snapshot } from "./frames.js";

const FILE = { id: "31", name: "lomake.pdf", media_type: "application/pdf", size: 10 };
/** @type {object[]} */
let sent = [];

beforeEach(() => {
  sent = [];
  drafts.drafts.value = {};
  outbox.value = [];
  drafts.useSender((frame) => sent.push(frame) > 0);
});

test("addresses as people type and paste them", () => {
  assert.deepEqual(addressesIn("a@b.fi, c@d.fi;e@f.fi\ng@h.fi  i@j.fi"), ["a@b.fi", "c@d.fi", "e@f.fi", "g@h.fi", "i@j.fi"]);
  assert.deepEqual(addressesIn('"Virtanen, Aino" <aino@kela.fi>, Matti Meri <matti@kela.fi>'), ["aino@kela.fi", "matti@kela.fi"]);
  assert.deepEqual(addressesIn(" , "), []);
});

test("what is no address is found before the server says so", () => {
  for (const good of ["a@b.fi", "a.b+c@x-y.co.fi", "åke@ålåkra.ax"]) assert.equal(isAddress(good), true, good);
  for (const bad of ["a@b", "a@", "@b.fi", "a b@c.fi", "a@b@c.fi", `${"a".repeat(250)}@b.fi`, "a(x)@b.fi"]) {
    assert.equal(isAddress(bad), false, bad);
  }
  assert.equal(wrongIn("a@b.fi, matti@"), "matti@");
  assert.equal(wrongIn(""), null);
  assert.equal(countOf({ ...NO_MAIL, to: "a@b.fi", cc: "c@d.fi e@f.fi" }), 3);
});

test("an answer says only what is not as always, and is read back", () => {
  assert.deepEqual(fieldsOf(NO_MAIL), {});
  assert.equal(keyOf(NO_MAIL), "");
  const mail = { to: "", cc: "a@b.fi", bcc: "", quote: false, files: [FILE] };
  assert.deepEqual(fieldsOf(mail), { cc: ["a@b.fi"], attachments: ["31"], quote: false });
  assert.deepEqual(mailOf({ cc: ["a@b.fi"], quote: false, attachments: [FILE] }), mail);
  assert.equal(mailOf(undefined), NO_MAIL);
});

test("files that are too much together", () => {
  assert.equal(tooMuch([], { size: 0 }), "empty");
  assert.equal(tooMuch([], { size: 10_000_001 }), "large");
  assert.equal(tooMuch([{ size: 9_000_000 }], { size: 9_000_001 }), "together");
  assert.equal(tooMuch(Array.from({ length: 20 }, () => ({ size: 1 })), { size: 1 }), "many");
  assert.equal(tooMuch([{ size: 9_000_000 }], { size: 9_000_000 }), null);
});

test("a draft with copies and files is kept once, and comes back", () => {
  drafts.changeMail("1", { cc: "a@b.fi", files: [FILE] });
  drafts.save("1");
  drafts.save("1");
  assert.deepEqual(sent.map(({ ref: _, ...frame }) => frame), [
    { type: "draft", contact: "1", text: "", cc: ["a@b.fi"], attachments: ["31"] },
  ]);
  drafts.answered({ type: "draft", contact: "1", ref: sent[0].ref });
  assert.equal(drafts.isSaved(drafts.draftOf("1")), true);
  drafts.drafts.value = {};
  const mine = card({ draft: "Hei", draft_mail: { cc: ["a@b.fi"], attachments: [FILE] } });
  drafts.follow(initial(), reduce(initial(), snapshot({ contacts: [mine] }), 0), true);
  const { reply, mail } = drafts.draftOf("1");
  assert.deepEqual([reply, mail.cc, mail.files], ["Hei", "a@b.fi", [FILE]]);
  assert.equal(drafts.isSaved(drafts.draftOf("1")), true);
});

test("a forward is settled by the note that it becomes", () => {
  const one = {
    client_id: "f", contact: "1", case: "2", kind: "forward", text: "", at: "", who: "", error: null,
    mail: { ...NO_MAIL, to: "lupa@x.fi" }, original: { seq: 1, files: false },
  };
  assert.deepEqual(frameOf(one), { type: "forward", contact: "1", client_id: "f", text: "", to: ["lupa@x.fi"], seq: 1, files: false });
  const told = (direction) => ({ type: "message", case: "2", message: message(3, { direction, client_id: "f" }) });
  assert.deepEqual(settle([one], told("outbound")), [one]);
  assert.deepEqual(settle([one], told("note")), []);
});

test("spam lies among what was closed lately until it is none", () => {
  let state = reduce(initial(), snapshot({ contacts: [card()] }), 0);
  const gone = (fields, seq) => reduce(state, { type: "contact", seq, contact: card(fields) }, 0);
  state = gone({ version: 2, state: "closed", aside: "spam" }, 11);
  assert.deepEqual(lately(state).map((one) => one.aside), ["spam"]);
  state = gone({ version: 3, state: "queued", owner: null }, 12);
  assert.deepEqual(lately(state), []);
});
