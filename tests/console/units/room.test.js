import assert from "node:assert/strict";
import { test } from "node:test";
import { room } from "../../../agent_ui/static/console/room.js";
import { initial, reduce } from "../../../agent_ui/static/console/store.js";
import { card, snapshot } from "./frames.js";

/** @param {object[]} contacts @param {object[]} [offers] */
function of(contacts, offers = []) {
  const frame = snapshot({ contacts: contacts.map((one, n) => card({ contact: String(n), ...one })), offers });
  return room(reduce(initial(), frame, 0));
}

test("what is offered takes room beside what is in hand", () => {
  const offers = [{ offer: "9", contact: card({ contact: "9", units: 1 }), expires_in_s: 60 }];
  assert.deepEqual(of([{ units: 1 }], offers), { taken: 2, capacity: 3, why: null });
});

test("a call takes all, and paused mail beside it nothing", () => {
  const mail = { units: 0, channel: "mail", paused_from: "2026-11-23T08:00:00+00:00" };
  assert.deepEqual(of([{ units: 3, channel: "call" }, mail]), { taken: 3, capacity: 3, why: "call" });
});

test("who is full is told whether mail may still give way", () => {
  assert.equal(of([1, 2, 3].map(() => ({ units: 1, channel: "chat" }))).why, "full_live");
  assert.equal(of([1, 2, 3].map(() => ({ units: 1, channel: "mail" }))).why, "full");
});
