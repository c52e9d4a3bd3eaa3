// A template by its beginning: "/" and some letters in the reply list those whose name begins so.

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { announce } from "../common/announce.js";
import { named, tn } from "../common/i18n.js";
import { languageName, languageOf } from "./templates.js";

/** @import {Card, Template} from "./types.js" */

const MOST = 8;

/** Where a "/word" ends at the cursor: where it begins, and the word. Pure.
 * @param {string} text @param {number} cursor
 * @returns {{from: number, word: string} | null} */
export function slashAt(text, cursor) {
  const found = /(^|\s)\/([\p{L}\p{N}_-]{0,40})$/u.exec(text.slice(0, cursor));
  return found ? { from: found.index + (found[1] ?? "").length, word: found[2] ?? "" } : null;
}

/** Those whose name, or a word of it, or key begins with the word. Pure.
 * @param {Template[]} templates @param {string} word */
export function beginning(templates, word) {
  const wanted = word.toLocaleLowerCase();
  return templates.filter(({ name, key }) => {
    const words = Object.values(name).flatMap((one) => one.toLocaleLowerCase().split(/\s+/));
    return [key, ...words].some((one) => one.startsWith(wanted));
  }).slice(0, MOST);
}

/** The list over the text box; the box keeps the focus and moves `active` in it.
 * @param {{card: Card, found: Template[], active: number, onPick: (template: Template) => void}} props */
export function SlashList({ card, found, active, onPick }) {
  const n = found.length;
  useEffect(() => announce(tn("console.template.found", n)), [n]);
  return html`<ul class="slash" role="listbox" id="slash" aria-label=${tn("console.template.found", n)}>
    ${found.map((one, at) => {
      const language = languageOf(one, card.language);
      return html`<li key=${one.key} id=${`slash-${at}`} role="option" aria-selected=${at === active}
        onMouseDown=${(/** @type {MouseEvent} */ event) => { event.preventDefault(); onPick(one); }}>
        <strong>${named(one.name, one.key)}</strong> ${language !== card.language && html`<span class="meta">(${languageName(language)})</span>`}
        <span class="meta slash-text">${(one.text[language] ?? "").slice(0, 100)}</span></li>`;
    })}
  </ul>`;
}
