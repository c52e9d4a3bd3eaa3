// Figures as the chosen language writes them. Pure but for the language.

import { locale } from "../common/format.js";

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

/** One figure; a dash where nothing is known. @param {Name} name @param {number | null | undefined} value */
export function figure(name, value, signed = false) {
  if (value === null || value === undefined) return "–";
  /** @type {Intl.NumberFormatOptions} */
  const sign = signed ? { signDisplay: "exceptZero" } : {};
  if (SHARES.has(name)) return format(value, { style: "percent", maximumFractionDigits: 1, ...sign });
  if (name === "asa_s") return format(value, { style: "unit", unit: "second", unitDisplay: "short", maximumFractionDigits: 0, ...sign });
  return format(value, { maximumFractionDigits: 1, ...sign });
}

/** From where to where, or nothing. @param {Name} name @param {Interval | null} found */
export function range(name, found, signed = false) {
  if (!found || found.low === null || found.high === null || found.low === found.high) return "";
  return `${figure(name, found.low, signed)} … ${figure(name, found.high, signed)}`;
}

/** The clock of the house. @param {string} iso @param {string} zone */
export function clock(iso, zone) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(iso));
}
