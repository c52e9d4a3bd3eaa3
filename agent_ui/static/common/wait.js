// An estimated wait in words. Pure: seconds in, a text's key and its numbers out.

const HOURS_FROM_S = 7_200;

/** @typedef {[key: string, params: Record<string, string>]} Text of the catalogue */

/** "about 3–8 minutes", "at most about 5 minutes", "about 2–3.5 hours".
 * @param {number} low_s @param {number} high_s @param {string} locale @returns {Text} */
export function waitText(low_s, high_s, locale) {
  if (high_s <= 60) return ["chat.estimate.minute", {}];
  const hours = high_s > HOURS_FROM_S;
  const unit = hours ? 3600 : 60;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  // Outwards, as the seconds were rounded: what is said still holds.
  const tenths = hours ? 2 : 1; // half hours
  const low = Math.floor((low_s / unit) * tenths) / tenths;
  const high = Math.ceil((high_s / unit) * tenths) / tenths;
  const kind = hours ? "hours" : "minutes";
  const params = { low: number.format(low), high: number.format(high) };
  if (low === 0) return [`chat.estimate.up_to_${kind}`, { high: params.high }];
  return low === high ? [`chat.estimate.about_${kind}`, { high: params.high }] : [`chat.estimate.${kind}`, params];
}
