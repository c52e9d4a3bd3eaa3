// A mail as its sender laid it out, shown where it can do nothing: a sandbox without scripts, forms,
// links and our origin. The server has cleaned it, and its policy lets nothing be fetched.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../common/i18n.js";

/** The button, and the mail where it was pressed.
 * @param {{caseId: string, seq: number}} props */
export function MailHtml({ caseId, seq }) {
  const [shown, setShown] = useState(false);
  const source = `/api/messages/${encodeURIComponent(caseId)}/${seq}/html`;
  return html`<div class="mail-html">
    <button type="button" class="button small" aria-expanded=${shown} onClick=${() => setShown(!shown)}>
      ${t(shown ? "console.message.html_hide" : "console.message.html_show")}</button>
    ${shown && html`<iframe sandbox="" referrerpolicy="no-referrer" src=${source}
      title=${t("console.message.html_title")}></iframe>`}
  </div>`;
}
