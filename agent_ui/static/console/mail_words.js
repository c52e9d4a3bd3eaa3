// What the facts of a mail come to: whether it may be forged, what its files are, when a meeting
// is, why another server refused a mail of ours. Pure.

import { dayOf, whenWallSays } from "../common/zone.js";

/** @import {Attachment, Invitation} from "./types.js" */

const ZONED = /(Z|[+-]\d\d:?\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** Whether our own server's checks speak against the sender (RFC 8601). DMARC decides where it
 * said anything; else one pass is enough: a mail that was passed on fails SPF, a list breaks DKIM.
 * @param {Record<string, string> | undefined} results of spf, dkim, dmarc */
export function mayBeForged(results) {
  const { spf, dkim, dmarc } = results ?? {};
  if (dmarc === "pass" || dmarc === "fail") return dmarc === "fail";
  return spf !== "pass" && dkim !== "pass" && (spf === "fail" || dkim === "fail");
}

const CHECKS = new Map([
  ["pass", "pass"], ["fail", "fail"], ["hardfail", "fail"], ["policy", "fail"], ["softfail", "softfail"],
  ["none", "none"], ["neutral", "none"], ["temperror", "error"], ["permerror", "error"],
]);

/** What a check of the sender came to (RFC 8601, 2.7), by a name of ours; null for a word that is
 * not known. @param {string} result */
export function checkOf(result) {
  return CHECKS.get(result) ?? null;
}

/** @type {Record<string, string>} */
const TYPES = {
  "application/pdf": "PDF",
  "application/msword": "Word",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "application/vnd.ms-excel": "Excel",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
  "application/vnd.ms-powerpoint": "PowerPoint",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
  "application/vnd.oasis.opendocument.text": "ODT",
  "application/vnd.oasis.opendocument.spreadsheet": "ODS",
  "application/rtf": "RTF",
  "application/zip": "ZIP",
  "message/rfc822": "EML",
  "text/calendar": "ICS",
  "text/csv": "CSV",
  "text/plain": "TXT",
  "text/html": "HTML",
};
const SHOWABLE = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The type of a file in a word, "" where nobody knows it. The type is what the file's beginning
 * proves; its name may say anything. @param {string} media_type */
export function fileType(media_type) {
  const image = /^(?:image|audio|video)\/(?:x-)?([a-z0-9]{2,5})\b/.exec(media_type);
  return TYPES[media_type] ?? image?.[1]?.toUpperCase() ?? "";
}

/** Why nobody may open a file: a name of ours, "" where everybody may. @param {Attachment} file */
export function shutBy({ scan }) {
  return scan === "waiting" || scan === "infected" || scan === "failed" ? scan : "";
}

/** Whether a file is an image that can be shown without harm. @param {Attachment} file */
export function isShowable(file) {
  return SHOWABLE.has(file.media_type) && !shutBy(file);
}

/** A moment of an invitation: whether it is a whole day, and the day or the moment; null where it
 * is none. @param {string | undefined} text @param {boolean} [last] of days:
 * the end of a meeting is the day after its last one (RFC 5545, 3.6.1) */
function moment(text, last) {
  if (!text) return null;
  const whole = DATE.test(text);
  const at = whole ? Date.parse(text) - (last ? DAY_MS : 0) : ZONED.test(text) ? Date.parse(text) : whenWallSays(text);
  if (Number.isNaN(at)) return null;
  const iso = new Date(at).toISOString();
  return whole ? { whole, at: iso.slice(0, 10), day: iso.slice(0, 10) } : { whole, at: iso, day: dayOf(at) };
}

/** When a meeting is; where the mail names no zone, by our own clock; null where the mail does not tell.
 * `end` is null where it ends on the day, or at the moment, that it begins.
 * @param {Invitation} invitation
 * @returns {{whole: boolean, start: string, end: string | null, sameDay: boolean} | null} */
export function meetingTime({ starts, ends }) {
  const from = moment(starts);
  if (!from) return null;
  const to = moment(ends, true);
  const later = to && to.whole === from.whole && to.at > from.at && !(to.whole && to.day === from.day);
  return { whole: from.whole, start: from.at, end: later ? to.at : null, sameDay: to?.day === from.day };
}

/** @type {Record<string, string>} */
const REASONS = {
  "1.1": "no_address", "1.2": "no_domain", "1.3": "no_address", "1.6": "no_address", "1.10": "no_domain",
  "2.1": "closed", "2.2": "full", "2.3": "too_large", "3.4": "too_large", "4.7": "expired",
  // Some servers say 5.4.1 of an address that they don't know, and 4.4.4 while a name can't be looked up.
  "4.4.1": "no_answer", "4.4.2": "no_answer", "5.4.4": "no_domain",
};

/** Why another server did not take a mail (RFC 3463), by a name of ours; null where its status says
 * nothing of use. @param {string | null | undefined} code its word */
export function reasonOf(code) {
  const [, kind, status = ""] = /\b([45])\.(\d{1,3}\.\d{1,3})\b/.exec(code ?? "") ?? [];
  if (!kind) return null;
  return REASONS[status] ?? REASONS[`${kind}.${status}`] ?? (status.startsWith("7.") ? (kind === "5" ? "refused" : "later") : null);
}

/** Whether a failure was reported after the mail had left: then a status comes first, and no reply
 * of SMTP. @param {string | null | undefined} code */
export function cameBack(code) {
  return /^[45]\.\d{1,3}\.\d{1,3}\b/.test(code ?? "");
}
