// A text as people wrote it, its web addresses to be followed, long quotations folded away.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { pieces } from "../common/links.js";
import { unquoted } from "./text.js";

/** @param {{text: string}} props */
export function Words({ text }) {
  return pieces(text).map((piece) =>
    piece.link
      ? html`<a href=${piece.text} target="_blank" rel="noopener noreferrer">${piece.text}</a>`
      : piece.text,
  );
}

/** @param {{text: string, whole?: boolean}} props `whole`: the server has parted it already, and a
 * quotation that is left belongs to what was written: a mail that was passed on */
export function Text({ text, whole }) {
  const { said, quoted } = whole ? { said: text, quoted: "" } : unquoted(text);
  return html`<div class="message-text"><${Words} text=${said} /></div>
    ${quoted && html`<details class="quoted"><summary>${t("console.message.quoted")}</summary>
      <div class="message-text"><${Words} text=${quoted} /></div></details>`}`;
}
