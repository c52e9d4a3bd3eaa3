// What an answer by mail says beside its text: who gets it too, which files, whether the answered
// mail stands below. Addresses are kept as they are typed. Pure.

/** @import {Attachment, DraftMail} from "./types.js" */

/** @typedef {{to: string, cc: string, bcc: string, quote: boolean, files: Attachment[]}} Mail
 * `to` is empty where the server knows better: the person's own address. */

export const MOST_ADDRESSES = 20;
export const MOST_FILES = 20;
export const MOST_BYTES = 10_000_000;
export const MOST_BYTES_TOGETHER = 18_000_000;

/** @type {Mail} */
export const NO_MAIL = { to: "", cc: "", bcc: "", quote: true, files: [] };

// As strict as the server (docs/protocol.md, Mail out): an address, and nothing around it.
const PART = "[^\\s@<>()\\[\\],;:\\\\\"]+";
const ADDRESS = new RegExp(`^${PART}@${PART}\\.${PART}$`);
const MOST_CHARACTERS = 254;

/** The addresses in what was typed or pasted: parted by commas, semicolons, spaces or lines; of
 * "Name <address>" the address. @param {string} text */
export function addressesIn(text) {
  const pieces = text.replace(/"[^"]*"/g, " ").split(/[,;\n]/).flatMap((piece) => {
    const inside = /<([^<>]*)>/.exec(piece)?.[1];
    return inside === undefined ? piece.split(/\s+/) : [inside.trim()];
  });
  return pieces.filter(Boolean);
}

/** @param {string} address */
export function isAddress(address) {
  return address.length <= MOST_CHARACTERS && ADDRESS.test(address);
}

/** What is wrong with the addresses of a field: the first that is none; null where all are.
 * @param {string} text */
export function wrongIn(text) {
  return addressesIn(text).find((one) => !isAddress(one)) ?? null;
}

/** How many addresses an answer has in all. @param {Mail} mail */
export function countOf({ to, cc, bcc }) {
  return [to, cc, bcc].flatMap(addressesIn).length;
}

/** The fields of a frame, without those that say nothing.
 * @param {Mail} mail
 * @returns {{to?: string[], cc?: string[], bcc?: string[], quote?: false, attachments?: string[]}} */
export function fieldsOf({ to, cc, bcc, quote, files }) {
  const lists = { to: addressesIn(to), cc: addressesIn(cc), bcc: addressesIn(bcc), attachments: files.map((one) => one.id) };
  const said = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length));
  return quote ? said : { ...said, quote: false };
}

/** The same text for the same fields; "" where there are none. @param {Mail} mail */
export function keyOf(mail) {
  const fields = fieldsOf(mail);
  return Object.keys(fields).length ? JSON.stringify(fields) : "";
}

/** What the server keeps of a draft. @param {DraftMail | null | undefined} kept @returns {Mail} */
export function mailOf(kept) {
  if (!kept) return NO_MAIL;
  const { to = [], cc = [], bcc = [], quote = true, attachments = [] } = kept;
  return { to: to.join(", "), cc: cc.join(", "), bcc: bcc.join(", "), quote, files: attachments };
}

/** Why a file can't be sent beside those that are there: a name of ours; null where it can.
 * @param {{size: number}[]} others @param {{size: number}} file */
export function tooMuch(others, { size }) {
  if (!size) return "empty";
  if (size > MOST_BYTES) return "large";
  if (others.length >= MOST_FILES) return "many";
  const all = others.reduce((sum, one) => sum + one.size, size);
  return all > MOST_BYTES_TOGETHER ? "together" : null;
}
