// A message's text as it is shown: links, and the quoted history folded away. Pure.

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;
const QUOTED = /^\s*>/;
const FOLD_FROM = 3;

/** @typedef {{text: string, link: boolean}} Piece */

/** The text in pieces, web addresses apart. Only http and https: what is shown is where it leads.
 * @param {string} text
 * @returns {Piece[]} */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index), link: false });
    found.push({ text: match[0], link: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at), link: false });
  return found;
}

/** The text, and the quotation at its end where that is three lines or more.
 * @param {string} text */
export function unquoted(text) {
  const lines = text.trimEnd().split("\n");
  let from = lines.length;
  while (from > 0 && (QUOTED.test(lines[from - 1] ?? "") || !lines[from - 1]?.trim())) from--;
  if (from === 0 || lines.length - from < FOLD_FROM) return { said: text.trimEnd(), quoted: "" };
  return {
    said: lines.slice(0, from).join("\n"),
    quoted: lines.slice(from).join("\n").trim(),
  };
}
