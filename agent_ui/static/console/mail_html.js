// A mail as its sender laid it out, shown where it can do nothing: a frame without scripts, forms
// and our origin, whose policy lets nothing be fetched but our own style sheet.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../common/i18n.js";
import * as api from "./api.js";
import { notify } from "./model.js";

/** @param {string} body cleaned by the server */
function page(body) {
  const style = `${location.origin}/static/css/mail.css`;
  const policy = `default-src 'none'; style-src ${style}; img-src data:; form-action 'none'; base-uri 'none'`;
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer"><title>mail</title>
<link rel="stylesheet" href="${style}"></head><body>${body}</body></html>`;
}

/** The button, and the mail where it was pressed.
 * @param {{caseId: string, seq: number}} props */
export function MailHtml({ caseId, seq }) {
  const [content, setContent] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(false);
  const toggle = async () => {
    if (content !== null) return setContent(null);
    setBusy(true);
    try {
      setContent(page(await api.html(caseId, seq)));
    } catch (error) {
      notify("error", t("console.message.html_failed", { why: String(error) }));
    }
    setBusy(false);
  };
  return html`<div class="mail-html">
    <button type="button" class="button small" aria-expanded=${content !== null} disabled=${busy}
      onClick=${toggle}>${t(content === null ? "console.message.html_show" : "console.message.html_hide")}</button>
    ${content !== null && html`<iframe sandbox="" referrerpolicy="no-referrer" srcdoc=${content}
      title=${t("console.message.html_title")}></iframe>`}
  </div>`;
}
