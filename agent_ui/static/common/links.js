// The web addresses in what people wrote. Pure.

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;

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
