// Times, durations and sizes as the chosen language writes them.

import { language, locale, t } from "./i18n.js";
import { dayOf, zone } from "./zone.js";

/** @type {Map<string, Intl.DateTimeFormat | Intl.NumberFormat>} */
const made = new Map();
let serverAhead_ms = 0;

/** Learn how far the server's clock is from this computer's, from an answer's Date header.
 * @param {string | null} date */
export function setServerDate(date) {
  const server = date ? Date.parse(date) : NaN;
  // The header counts whole seconds: smaller differences say nothing.
  if (!Number.isNaN(server)) {
    const ahead = server - Date.now();
    serverAhead_ms = Math.abs(ahead) > 2000 ? ahead : 0;
  }
}

/** Seconds from a moment until now, by the server's clock; never negative.
 * @param {string} iso */
export function secondsSince(iso) {
  return Math.max(0, (Date.now() + serverAhead_ms - Date.parse(iso)) / 1000);
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow_ms() {
  return Date.now() + serverAhead_ms;
}

export { locale };

/** @param {Intl.DateTimeFormatOptions} options @param {string} iso */
function date(options, iso) {
  const timeZone = options.timeZone ?? zone.value;
  const key = locale() + timeZone + JSON.stringify(options);
  const format = made.get(key) ?? new Intl.DateTimeFormat(locale(), { ...options, timeZone });
  made.set(key, format);
  return /** @type {Intl.DateTimeFormat} */ (format).format(new Date(iso));
}

/** @param {number} n @param {string} unit */
function amount(n, unit) {
  const key = `${locale()}/${unit}`;
  const format =
    made.get(key) ?? new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "short" });
  made.set(key, format);
  return /** @type {Intl.NumberFormat} */ (format).format(n);
}

/** Hours and minutes. @param {string} iso */
export function clockTime(iso) {
  return date({ hour: "numeric", minute: "2-digit" }, iso);
}

/** Weekday, date and time to the second. @param {string} iso */
export function fullDate(iso) {
  return date({ dateStyle: "full", timeStyle: "medium" }, iso);
}

/** A date in figures where the language writes it so without doubt: 26.11.2026, 26 Nov 2026.
 * @returns {Intl.DateTimeFormatOptions} */
function short() {
  return { day: "numeric", month: language.value === "en" ? "short" : "numeric", year: "numeric" };
}

/** Date and time, short. @param {string} iso */
export function dateTime(iso) {
  return date({ ...short(), hour: "numeric", minute: "2-digit" }, iso);
}

/** Weekday, day and time in words, for what is to come. @param {string} iso */
export function dayAndTime(iso) {
  return date({ weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }, iso);
}

/** When something begins: the time, the weekday with it within a week, else the date.
 * @param {string} iso */
export function opening(iso) {
  const at = t("time.at", { time: clockTime(iso) });
  if (isToday(iso)) return at;
  const soon = Date.parse(iso) - serverNow_ms() < 6 * 86_400_000;
  return `${date(soon ? { weekday: "short" } : { ...short(), year: undefined }, iso)} ${at}`;
}

/** Weekday and date in words, for a whole day, the same everywhere. @param {string} day "2026-11-26" */
export function wholeDay(day) {
  return date({ weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }, `${day}T00:00Z`);
}

/** The day as people say it: today, yesterday, or the date. @param {string} iso */
export function dayName(iso) {
  const days = (Date.parse(dayOf(serverNow_ms())) - Date.parse(dayOf(iso))) / 86_400_000;
  if (days === 0) return t("console.day.today");
  if (days === 1) return t("console.day.yesterday");
  return date({ weekday: "short", ...short() }, iso);
}

/** A duration with its two largest units: "< 1 min", "3 min", "1 h 12 min", "2 d 4 h". Nothing
 * moves every second: that would draw the eye.
 * @param {number} seconds */
export function duration(seconds) {
  const min = Math.floor(seconds / 60), h = Math.floor(min / 60), d = Math.floor(h / 24);
  if (min < 1) return `< ${t("board.time.min", { min: 1 })}`;
  if (h < 1) return t("board.time.min", { min });
  if (d < 1) return min % 60 ? t("board.time.h_min", { h, min: min % 60 }) : t("board.time.h", { h });
  return h % 24 ? t("board.time.d_h", { d, h: h % 24 }) : t("board.time.d", { d });
}

/** A countdown: "0:24". @param {number} seconds */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** How long something has run: "0:24", "1:02:03". @param {number} seconds */
export function stopwatch(seconds) {
  const whole = Math.floor(Math.max(0, seconds));
  const two = (/** @type {number} */ n) => String(n % 60).padStart(2, "0");
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3600)];
  return hours ? `${hours}:${two(minutes)}:${two(whole)}` : `${minutes}:${two(whole)}`;
}

/** Whether a moment is of today. @param {string} iso */
export function isToday(iso) {
  return dayOf(iso) === dayOf(serverNow_ms());
}

/** From when to when, the day with it where it is not today. @param {string} from @param {string} to */
export function span(from, to) {
  return `${isToday(from) ? clockTime(from) : dateTime(from)}–${clockTime(to)}`;
}

/** A size in kB or MB. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1_000_000) return amount(Math.max(1, Math.round(bytes / 1000)), "kilobyte");
  return amount(Math.round(bytes / 100_000) / 10, "megabyte");
}

/** A language's name, as it stands in a sentence. @param {string} code */
export function languageWord(code) {
  try {
    return new Intl.DisplayNames(locale(), { type: "language" }).of(code) ?? code;
  } catch {
    return code; // no language tag
  }
}

/** A language's name, as it stands alone. @param {string} code */
export function languageName(code) {
  const name = languageWord(code);
  return name.charAt(0).toLocaleUpperCase(locale()) + name.slice(1);
}
