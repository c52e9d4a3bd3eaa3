// The web addresses, mail addresses and phone numbers in what people wrote. Pure.
//
// What is shown is what was written; where it leads is http, https, mailto or tel and nothing else.
// Without lookbehind, which older Safaris can't read: what stands before is looked at afterwards.

/** @typedef {{text: string, href: string | null}} Piece */

// Spaces, quotes, and what can't be seen or turns the writing around end an address.
const SEEN = "[^\\s<>\"'`\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]";
const WEB = `(?:https?:\\/\\/|www\\.)${SEEN}{1,2000}`;
const LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?";
// A host that looks as what it is: in others, a sign like a slash would hide where it ends.
const HOST = /^https?:\/\/(?:[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d+)?(?=[/?#]|$)/iu;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
const MAIL = `(?:mailto:)?[a-z0-9._+-]{1,64}@(?:${LABEL}\\.){1,8}\\p{L}{2,63}`;
const GAP = "[ \\u00a0-]";
const PHONE = `\\+\\d{1,3}(?:${GAP}(?:\\(0\\)${GAP}?)?\\d{2,12}){1,5}|\\+\\d{7,15}|0\\d{1,4}(?:${GAP}\\d{2,7}){1,4}|0\\d{6,11}`;
const LINK = new RegExp(`(${WEB})|(${MAIL})|(${PHONE})`, "giu");
const ENDS = ".,;:!?…*|»”’";
/** @type {Record<string, string>} */
const OPENER = { ")": "(", "]": "[", "}": "{" };

/** The text in pieces, addresses apart; together they are the text.
 * @param {string} text
 * @returns {Piece[]} */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = read(match, text);
    if (!link) continue;
    if (match.index > at) found.push({ text: text.slice(at, match.index), href: null });
    found.push(link);
    at = match.index + link.text.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), href: null });
  return found;
}

/** @param {RegExpMatchArray} match @param {string} text
 * @returns {Piece | null} null where it only looked like an address */
function read(match, text) {
  const [whole, web, mail] = /** @type {[string, string | undefined, string | undefined]} */ (/** @type {unknown} */ (match));
  const from = match.index ?? 0;
  const before = text[from - 1] ?? " ";
  const after = text.slice(from + whole.length, from + whole.length + 2);
  if (/[\p{L}\p{N}]/u.test(before)) return null;
  if (web) return new RegExp(`^${SEEN}`).test(after) ? null : page(trimmed(web));
  if (mail) return /[._+@-]/.test(before) || /^[\p{N}_@]/u.test(after) ? null : mailbox(mail);
  return /[+.,:/@#=-]/.test(before) || /^(?:[\p{L}\p{N}]|[.,:/-]\d)/u.test(after) ? null : number(whole);
}

/** What the sentence goes on with is no part of the address; a bracket that was opened in it is.
 * @param {string} url */
function trimmed(url) {
  const surplus = new Map(Object.entries(OPENER).map(([close, open]) => [close, url.split(close).length - url.split(open).length]));
  let end = url.length;
  for (; end > 0; end--) {
    const last = url.charAt(end - 1);
    const more = surplus.get(last);
    if (more === undefined ? !ENDS.includes(last) : more <= 0) break;
    if (more) surplus.set(last, more - 1);
  }
  return url.slice(0, end);
}

/** @param {string} text @returns {Piece | null} */
function page(text) {
  const bare = /^www\./i.test(text);
  const href = bare ? `https://${text}` : text;
  if (!HOST.test(href) || UNSEEN.test(href)) return null;
  try {
    const { hostname } = new URL(href);
    const good = hostname.split(".").length > (bare ? 2 : 0);
    return good ? { text, href } : null;
  } catch {
    return null;
  }
}

/** @param {string} text @returns {Piece | null} */
function mailbox(text) {
  const address = text.replace(/^mailto:/i, "");
  return /^\.|\.\.|\.@/.test(address) ? null : { text, href: `mailto:${address}` };
}

/** Not a date, and not opening hours. @param {string} text @returns {Piece | null} */
function number(text) {
  const called = text.replace("(0)", "").replace(/[^+\d]/g, "");
  const digits = called.replace("+", "").length;
  const hours = /^\d\d-\d\d(?!\d)/.test(text);
  return digits < 7 || digits > 15 || hours ? null : { text, href: `tel:${called}` };
}
