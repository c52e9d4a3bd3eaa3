// A mail as its sender laid it out, shown where it can do nothing: a sandbox without scripts, forms,
// links and our origin. The server has cleaned it, and its policy lets nothing be fetched: pictures from
// elsewhere only where the agent asks for them, since they tell the sender that the mail is read.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../common/i18n.js";

/** The buttons, and the mail where it was asked for.
 * @param {{caseId: string, seq: number, remote: boolean}} props `remote`: it has pictures elsewhere */
export function MailHtml({ caseId, seq, remote }) {
  const [shown, setShown] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const source = `/api/messages/${encodeURIComponent(caseId)}/${seq}/html`;
  return html`<div class="mail-html">
    <div class="row">
      <button type="button" class="button small" aria-expanded=${shown} onClick=${() => setShown(!shown)}>
        ${t(shown ? "console.message.html_hide" : "console.message.html_show")}</button>
      ${shown && remote && !loaded && html`<button type="button" class="button small" data-act="remote"
        aria-describedby=${`remote-${seq}`} onClick=${() => setLoaded(true)}>${t("console.mail.remote_load")}</button>`}
    </div>
    ${shown && remote && html`<p class="meta" id=${`remote-${seq}`} role="status">
      ${t(loaded ? "console.mail.remote_loaded" : "console.mail.remote_blocked")}</p>`}
    ${shown && html`<iframe key=${loaded} sandbox="" referrerpolicy="no-referrer"
      src=${loaded ? `${source}?remote=1` : source} title=${t("console.message.html_title")}></iframe>`}
  </div>`;
}
