import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { dateTime, dayName, isToday, wholeDay } from "../../../agent_ui/static/common/format.js";
import { language } from "../../../agent_ui/static/common/i18n.js";
import { dayOf, whenWallSays, zone } from "../../../agent_ui/static/common/zone.js";

afterEach(() => {
  zone.value = undefined;
  language.value = "";
});

test("moments are shown by the organisation's clock, in each language's way", () => {
  const at = "2026-11-26T23:30:00Z";
  for (const [spoken, where, said] of [
    ["fi", "Europe/Helsinki", "27.11.2026 klo 1.30"],
    ["sv", "Europe/Helsinki", "27.11.2026 1.30"],
    ["en", "Europe/Helsinki", "27 Nov 2026, 1:30"],
    ["en", "America/New_York", "26 Nov 2026, 18:30"],
  ]) {
    [zone.value, language.value] = [where, spoken];
    assert.equal(dateTime(at), said);
  }
});

test("the day is the organisation's, whole days are the same everywhere", () => {
  zone.value = "Pacific/Kiritimati"; // 14 h ahead
  assert.equal(dayOf("2026-11-26T10:00:00Z"), "2026-11-27");
  language.value = "en";
  assert.match(wholeDay("2026-11-26"), /^Thursday,? 26 November 2026$/);
  assert.equal(isToday(new Date().toISOString()), true);
  assert.equal(dayName(new Date().toISOString()), "console.day.today");
});

test("what a form says is a time of the organisation, also where the clocks change", () => {
  zone.value = "Europe/Helsinki";
  for (const [text, at] of [
    ["2026-11-26T12:05", "2026-11-26T10:05:00.000Z"],
    ["2026-03-29T02:59", "2026-03-29T00:59:00.000Z"],
    ["2026-03-29T04:00", "2026-03-29T01:00:00.000Z"],
    ["2026-10-25T04:30", "2026-10-25T02:30:00.000Z"],
  ]) assert.equal(new Date(whenWallSays(text)).toISOString(), at, text);
  assert.ok(Number.isNaN(whenWallSays("")));
});
