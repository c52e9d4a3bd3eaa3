// Figures as the chosen language writes them. Pure but for the language.

import { locale } from "../common/format.js";
import { tn } from "../common/i18n.js";

/** @import {Interval, Name} from "./types.js" */

const SHARES = new Set(["service_level", "abandonment", "occupancy"]);

/** @param {number} value @param {Intl.NumberFormatOptions} options */
function format(value, options) {
  return new Intl.NumberFormat(locale(), options).format(value);
}

/** A number with so many decimals. @param {number} value */
export function plain(value, decimals = 1) {
  return format(value, { maximumFractionDigits: decimals, minimumFractionDigits: 0 });
}

/** A share in per cent. @param {number} value */
export function share(value) {
  return format(value, { style: "percent", maximumFractionDigits: 1 });
}

/** @param {number} value */
export function seconds(value) {
  return format(value, { style: "unit", unit: "second", unitDisplay: "short", maximumFractionDigits: 0 });
}

/** The difference of two shares is in percentage points: 5 % more than 80 % would be 84 %.
 * @param {number} value */
function points(value) {
  const n = Math.round(1000 * value) / 10;
  return { n, text: format(n, { maximumFractionDigits: 1, signDisplay: "exceptZero" }) };
}

/** One figure; a dash where nothing is known. @param {Name} name @param {number | null | undefined} value */
export function figure(name, value, signed = false) {
  if (value === null || value === undefined) return "–";
  if (!signed) {
    if (SHARES.has(name)) return share(value);
    return name === "asa_s" ? seconds(value) : plain(value);
  }
  if (SHARES.has(name)) {
    const { n, text } = points(value);
    return tn("whatif.points", n, { n: text });
  }
  /** @type {Intl.NumberFormatOptions} */
  const unit = name === "asa_s" ? { style: "unit", unit: "second", unitDisplay: "short" } : {};
  const decimals = name === "asa_s" ? 0 : 1;
  return format(value, { ...unit, maximumFractionDigits: decimals, signDisplay: "exceptZero" });
}

/** From where to where, or nothing. @param {Name} name @param {Interval | null} found */
export function range(name, found, signed = false) {
  if (!found || found.low === null || found.high === null || found.low === found.high) return "";
  if (signed && SHARES.has(name)) return `${points(found.low).text} … ${points(found.high).text}`;
  return `${figure(name, found.low, signed)} … ${figure(name, found.high, signed)}`;
}

/** The clock of the house. @param {string} iso @param {string} zone */
export function clock(iso, zone) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(iso));
}

/** A day in words. @param {string} iso as 2026-11-26: a date, of no time zone */
export function day(iso) {
  return new Intl.DateTimeFormat(locale(), {
    weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  }).format(new Date(iso));
}

/** The day after. @param {string} iso */
export function next(iso) {
  return new Date(Date.parse(iso) + 86_400_000).toISOString().slice(0, 10);
}
