import assert from "node:assert/strict";
import { test } from "node:test";
import { cameBack, checkOf, fileType, mayBeForged, meetingTime, reasonOf } from "../../../agent_ui/static/console/mail_words.js";
import { initial, reduce } from "../../../agent_ui/static/console/store.js";
import { snapshot } from "./frames.js";

test("a mail may be forged where DMARC says so, or where nothing speaks for it", () => {
  for (const [results, forged] of [
    [undefined, false],
    [{}, false],
    [{ dmarc: "pass", spf: "fail", dkim: "fail" }, false],
    [{ dmarc: "fail", spf: "pass", dkim: "pass" }, true],
    [{ spf: "fail" }, true],
    [{ spf: "fail", dkim: "pass" }, false],
    [{ spf: "pass", dkim: "fail", dmarc: "none" }, false],
    [{ dkim: "fail", spf: "softfail" }, true],
    [{ spf: "softfail", dkim: "none" }, false],
  ]) assert.equal(mayBeForged(results), forged, JSON.stringify(results));
});

test("what a check of the sender came to", () => {
  const results = ["pass", "fail", "policy", "softfail", "neutral", "temperror", "bestguesspass", "constructor"];
  assert.deepEqual(results.map(checkOf), ["pass", "fail", "fail", "softfail", "none", "error", null, null]);
});

test("a file's type in a word", () => {
  assert.equal(fileType("application/pdf"), "PDF");
  assert.equal(fileType("image/jpeg"), "JPEG");
  assert.equal(fileType("audio/x-wav"), "WAV");
  assert.equal(fileType("application/octet-stream"), "");
});

test("the time of a meeting, whole days without the day after", () => {
  const hour = meetingTime({ starts: "2026-12-03T09:30:00+02:00", ends: "2026-12-03T10:15:00+02:00" });
  assert.deepEqual(hour, { whole: false, start: "2026-12-03T07:30:00.000Z", end: "2026-12-03T08:15:00.000Z", sameDay: true });
  const day = meetingTime({ starts: "2026-12-03", ends: "2026-12-04" });
  assert.equal(day.whole, true);
  assert.equal(day.end, null);
  assert.equal(meetingTime({ starts: "2026-12-03", ends: "2026-12-06" }).end, "2026-12-05");
  assert.equal(meetingTime({ starts: "2026-12-03T09:30:00Z" }).end, null);
  assert.equal(meetingTime({ starts: "someday" }), null);
  assert.equal(meetingTime({}), null);
});

test("why a mail was not taken, and whether it had left", () => {
  assert.equal(reasonOf("550 5.1.1 unknown user"), "no_address");
  assert.equal(reasonOf("5.2.2 mailbox full"), "full");
  assert.equal(reasonOf("451 4.7.1 greylisted"), "later");
  assert.equal(reasonOf("550 5.7.1 no"), "refused");
  assert.equal(reasonOf("4.4.1 connection timed out"), "no_answer");
  assert.equal(reasonOf("550 5.4.1 access denied"), null);
  assert.equal(reasonOf("5.4.4 unable to look up host"), "no_domain");
  assert.equal(reasonOf("4.4.7 delivery time expired"), "expired");
  assert.equal(reasonOf("550 no"), null);
  assert.equal(reasonOf(null), null);
  assert.equal(cameBack("5.1.1 unknown user"), true);
  assert.equal(cameBack("550 5.1.1 unknown user"), false);
});

test("what did not arrive stays until it is settled", () => {
  const notice = { notice: "undelivered", send_id: "9", case: "2", contact: "1", recipient: "a@b.example", code: "5.1.1", at: "" };
  let state = reduce(initial(), snapshot({ notices: [notice, { notice: "other", send_id: "8" }] }), 0);
  assert.deepEqual(state.undelivered.map((one) => one.send_id), ["9"]);
  state = reduce(state, { type: "notice", seq: 11, ...notice, send_id: "10" }, 0);
  state = reduce(state, { type: "notice", seq: 12, ...notice, send_id: "10", code: "5.2.2" }, 0);
  assert.deepEqual(state.undelivered.map((one) => one.code), ["5.1.1", "5.2.2"]);
  state = reduce(state, { type: "notice_ended", seq: 13, send_id: "9", why: "dismissed" }, 0);
  assert.deepEqual(state.undelivered.map((one) => one.send_id), ["10"]);
});

test("of a delivery the newest frame alone counts", () => {
  let state = reduce(initial(), snapshot(), 0);
  state = reduce(state, { type: "delivery", seq: 11, send_id: "9", state: "queued", code: "451", next_at: "x", attempts: 1 }, 0);
  assert.equal(state.deliveries["9"].next_at, "x");
  state = reduce(state, { type: "delivery", seq: 12, send_id: "9", state: "sent", code: "250" }, 0);
  assert.equal(state.deliveries["9"].next_at, undefined);
});
