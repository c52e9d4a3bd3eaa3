// A text as people wrote it, its addresses to be followed, long quotations folded away.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { Linked } from "../common/linked.js";
import { unquoted } from "./text.js";

/** @param {{text: string, whole?: boolean}} props `whole`: the server has parted it already, and a
 * quotation that is left belongs to what was written: a mail that was passed on */
export function Text({ text, whole }) {
  const { said, quoted } = whole ? { said: text, quoted: "" } : unquoted(text);
  return html`<div class="message-text" dir="auto"><${Linked} text=${said} /></div>
    ${quoted && html`<details class="quoted"><summary>${t("console.message.quoted")}</summary>
      <div class="message-text" dir="auto"><${Linked} text=${quoted} /></div></details>`}`;
}
