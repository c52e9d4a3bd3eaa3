// Texts in the language the person chose, from the one catalogue of agent_ui/locales.

import { batch, signal } from "@preact/signals";

/** @typedef {Record<string, string | number>} Params */

export const LANGUAGES = /** @type {const} */ ([
  ["fi", "Suomi"],
  ["sv", "Svenska"],
  ["en", "English"],
]);

/** Written from right to left; as `direction` of the server's. */
const RIGHT_TO_LEFT = /^(ar|fa|he|ur)$/;

/** The language of the screen; changes when its catalogue is here. */
export const language = signal("");
/** @type {import("@preact/signals").Signal<Record<string, string>>} */
const catalogue = signal({});

let asked = 0;

/** Fetch a catalogue and show it. Rejects where it can't be had: the screen stays as it was.
 * @param {string} wanted
 * @param {string} [part] of the catalogue, as "?of=chat" */
export async function setLanguage(wanted, part = "") {
  const mine = ++asked;
  const answer = await fetch(`/api/locales/${wanted}.json${part}`);
  if (!answer.ok) throw new Error(`no catalogue for ${wanted}: ${answer.status}`);
  const texts = await answer.json();
  if (mine === asked) show(wanted, texts);
}

/** Show texts that are here already.
 * @param {string} wanted
 * @param {Record<string, string>} texts */
export function show(wanted, texts) {
  batch(() => {
    catalogue.value = texts;
    language.value = wanted;
  });
  const root = document.documentElement;
  root.lang = wanted;
  root.dir = RIGHT_TO_LEFT.test(wanted) ? "rtl" : "ltr";
}

/** The text of a key with its placeholders filled; the key itself where there is none.
 * @param {string} key
 * @param {Params} [params]
 * @returns {string} */
export function t(key, params) {
  const text = catalogue.value[key];
  if (text === undefined) return key;
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
}

/** The language of the screen with its country, for Intl. */
export function locale() {
  return language.value === "en" ? "en-GB" : `${language.value || "fi"}-FI`;
}

/** A count, its thousands apart. @param {number} n */
export function count(n) {
  return n.toLocaleString(locale());
}

/** Whether the catalogue has a key. @param {string} key */
export function has(key) {
  return key in catalogue.value;
}

/** A text that depends on a number: `key.one`, `key.other` by the language's own rule.
 * @param {string} key
 * @param {number} n
 * @param {Params} [params] */
export function tn(key, n, params) {
  const form = new Intl.PluralRules(language.value || "fi").select(n) === "one" ? "one" : "other";
  return t(`${key}.${form}`, { n, ...params });
}

/** A name that an admin gave in several languages.
 * @param {Record<string, string> | undefined} names
 * @param {string} otherwise */
export function named(names, otherwise) {
  if (!names) return otherwise;
  return names[language.value] ?? names.fi ?? Object.values(names)[0] ?? otherwise;
}
