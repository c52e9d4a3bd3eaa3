// One message of the timeline: what came, what left, what colleagues noted.

import { html } from "htm/preact";
import { clockTime, fullDate, size } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { pieces } from "../common/links.js";
import { DeliveryState } from "./delivery.js";
import { MailHtml } from "./mail_html.js";
import { online } from "./model.js";
import { retry, takeBack } from "./sending.js";
import { unquoted } from "./text.js";

/** @import {Attachment, Delivery, Message, Unsent} from "./types.js" */

/** @param {{text: string}} props */
export function Words({ text }) {
  return pieces(text).map((piece) =>
    piece.link
      ? html`<a href=${piece.text} target="_blank" rel="noopener noreferrer">${piece.text}</a>`
      : piece.text,
  );
}

/** @param {{text: string}} props */
export function Text({ text }) {
  const { said, quoted } = unquoted(text);
  return html`<div class="message-text"><${Words} text=${said} /></div>
    ${quoted && html`<details class="quoted"><summary>${t("console.message.quoted")}</summary>
      <div class="message-text"><${Words} text=${quoted} /></div></details>`}`;
}

/** @param {{files: Attachment[]}} props */
function Files({ files }) {
  return html`<ul class="plain files" aria-label=${t("console.message.attachments")}>
    ${files.map((file) => html`<li key=${file.id}>
      <a class="file" href=${`/api/attachments/${file.id}`} download><${Icon} name="file" />
        <span>${file.name}</span> <span class="meta">${size(file.size)}</span></a></li>`)}
  </ul>`;
}

/** @param {{message: Message, caseId: string, delivery?: Delivery, subject?: string | null}} props
 * `subject`: what the messages before it were about */
export function MessageView({ message, caseId, delivery, subject }) {
  const { direction, from, at, seq } = message;
  const changed = message.subject && message.subject !== subject;
  return html`<article class=${`message message-${direction}`} data-seq=${seq} aria-labelledby=${`m${caseId}-${seq}`}>
    <header class="message-head">
      <h4 id=${`m${caseId}-${seq}`}>
        ${direction === "note" && html`<${Icon} name="note" />`}
        <span class="hidden">${t(`console.message.${direction}`)}: </span>${from || t("console.person.unknown")}</h4>
      <time class="meta" datetime=${at} title=${fullDate(at)}>${clockTime(at)}</time>
    </header>
    ${direction === "note" && html`<p class="note-mark">${t("console.message.note_mark")}</p>`}
    ${message.other_sender && html`<p class="message-warning"><${Icon} name="alert" />
      <span>${t("console.message.other_sender", { address: message.address || t("console.person.unknown") })}</span></p>`}
    ${message.automatic && html`<p class="meta">${t("console.message.automatic")}</p>`}
    ${changed && html`<p class="message-subject">${message.subject}</p>`}
    <${Text} text=${message.text} />
    ${message.html && html`<${MailHtml} caseId=${caseId} seq=${seq} />`}
    ${message.attachments?.length && html`<${Files} files=${message.attachments} />`}
    ${delivery && html`<${DeliveryState} delivery=${delivery} />`}
  </article>`;
}

/** A message that the server has not confirmed. @param {{unsent: Unsent}} props */
export function UnsentView({ unsent }) {
  const waits = t(online.value ? "console.unsent.sending" : "console.unsent.offline");
  return html`<article class=${`message message-${unsent.kind === "note" ? "note" : "outbound"} unsent`}
    data-unsent=${unsent.error === null ? "waiting" : "failed"}>
    ${unsent.kind === "note" && html`<p class="note-mark">${t("console.message.note_mark")}</p>`}
    <${Text} text=${unsent.text} />
    <div class=${`delivery ${unsent.error === null ? "" : "delivery-failed"}`} role="status">
      <p><${Icon} name=${unsent.error === null ? "clock" : "alert"} />
        <span>${unsent.error === null ? waits : t("console.unsent.failed", { why: unsent.error })}</span></p>
      ${unsent.error !== null && html`<div class="row">
        <button type="button" class="button small" onClick=${() => retry(unsent)}>
          ${t("console.unsent.retry")}</button>
        <button type="button" class="button small" onClick=${() => takeBack(unsent)}>
          ${t("console.unsent.take_back")}</button>
      </div>`}
    </div>
  </article>`;
}
