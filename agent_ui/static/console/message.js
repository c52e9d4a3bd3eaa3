// One message of the timeline: what came, what left, what colleagues noted.

import { html } from "htm/preact";
import { clockTime, fullDate } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { DeliveryState } from "./delivery.js";
import { InvitationCard, Marks, Recipients, Warnings } from "./mail_facts.js";
import { Files } from "./mail_files.js";
import { MailHtml } from "./mail_html.js";
import { Rest } from "./mail_rest.js";
import { online } from "./model.js";
import { retry, takeBack } from "./sending.js";
import { Text } from "./words.js";

/** @import {Delivery, Message, Unsent} from "./types.js" */

/** @param {{message: Message, caseId: string, delivery?: Delivery, subject?: string | null}} props
 * `subject`: what the messages before it were about */
export function MessageView({ message, caseId, delivery, subject }) {
  const { direction, from, at, seq, mail } = message;
  const changed = message.subject && message.subject !== subject;
  return html`<article class=${`message message-${direction}`} data-seq=${seq} aria-labelledby=${`m${caseId}-${seq}`}>
    <header class="message-head">
      <h4 id=${`m${caseId}-${seq}`}>
        ${direction === "note" && html`<${Icon} name="note" />`}
        <span class="hidden">${t(`console.message.${direction}`)}: </span>${from || t("console.person.unknown")}</h4>
      <time class="meta" datetime=${at} title=${fullDate(at)}>${clockTime(at)}</time>
    </header>
    ${direction === "note" && html`<p class="note-mark">
      ${t(mail?.forwarded ? "console.mail.forwarded_mark" : "console.message.note_mark")}</p>`}
    <${Marks} message=${message} />
    <${Warnings} message=${message} />
    ${mail && html`<${Recipients} mail=${mail} ours=${direction !== "inbound"} />`}
    ${changed && html`<p class="message-subject">${message.subject}</p>`}
    ${mail?.invitation && html`<${InvitationCard} invitation=${mail.invitation} />`}
    <${Text} text=${message.text} />
    ${message.rest && html`<${Rest} caseId=${caseId} seq=${seq} />`}
    ${message.html && html`<${MailHtml} caseId=${caseId} seq=${seq}
      remote=${mail?.marks?.includes("remote_content") ?? false} />`}
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
