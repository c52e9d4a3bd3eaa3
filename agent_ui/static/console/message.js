// One message of the timeline: what came, what left, what colleagues noted.

import { html } from "htm/preact";
import { clockTime, fullDate } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { DeliveryState } from "./delivery.js";
import { InvitationCard, Marks, Recipients, Warnings } from "./mail_facts.js";
import { Files, Leaving } from "./mail_files.js";
import { MailHtml } from "./mail_html.js";
import { Rest } from "./mail_rest.js";
import { dialog, forwarding, online } from "./model.js";
import { retry, takeBack } from "./sending.js";
import { Text } from "./words.js";

/** @import {Delivery, Message, Unsent} from "./types.js" */

/** What was written; of a mail that holds nothing new, that. @param {{message: Message}} props */
function Said({ message }) {
  const { text, mail, rest, html: laidOut, direction } = message;
  const sealed = mail?.marks?.some((one) => one.startsWith("encrypted"));
  if (mail && direction === "inbound" && !text.trim() && !laidOut && !sealed) {
    return html`<p class="meta">${t(rest ? "console.mail.only_rest" : "console.mail.no_text")}</p>`;
  }
  return html`<${Text} text=${text} whole=${direction === "inbound" && mail !== undefined} />`;
}

/** @param {number} seq */
function pass(seq) {
  forwarding.value = { seq };
  dialog.value = "forward";
}

/** @param {{message: Message, caseId: string, delivery?: Delivery, subject?: string | null, passable?: boolean}} props
 * `subject`: what the messages before it were about; `passable`: it may be passed on to others */
export function MessageView({ message, caseId, delivery, subject, passable }) {
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
    <${Said} message=${message} />
    ${message.rest && html`<${Rest} caseId=${caseId} seq=${seq} />`}
    ${message.html && html`<${MailHtml} caseId=${caseId} seq=${seq}
      remote=${mail?.marks?.includes("remote_content") ?? false} />`}
    ${message.attachments?.length && html`<${Files} files=${message.attachments} />`}
    ${delivery && html`<${DeliveryState} delivery=${delivery} />`}
    ${passable && direction === "inbound" && html`<p class="message-acts"><button type="button" class="button small quiet"
      data-act="forward" onClick=${() => pass(seq)}><${Icon} name="forward" />${t("console.forward.begin")}</button></p>`}
  </article>`;
}

/** A message that the server has not confirmed. @param {{unsent: Unsent}} props */
export function UnsentView({ unsent }) {
  const { kind, text, mail, error } = unsent;
  const waits = t(online.value ? "console.unsent.sending" : "console.unsent.offline");
  const mark = { note: "console.message.note_mark", forward: "console.mail.forwarded_mark", reply: "" }[kind];
  const others = mail ? [mail.to, mail.cc, mail.bcc].filter(Boolean).join(", ") : "";
  return html`<article class=${`message message-${kind === "reply" ? "outbound" : "note"} unsent`}
    data-unsent=${error === null ? "waiting" : "failed"}>
    ${mark && html`<p class="note-mark">${t(mark)}</p>`}
    ${others && html`<p class="meta">${others}</p>`}
    <${Text} text=${text} />
    ${mail && html`<${Leaving} files=${mail.files} />`}
    <div class=${`delivery ${error === null ? "" : "delivery-failed"}`} role="status">
      <p><${Icon} name=${error === null ? "clock" : "alert"} />
        <span>${error === null ? waits : t("console.unsent.failed", { why: error })}</span></p>
      ${error !== null && html`<div class="row">
        <button type="button" class="button small" onClick=${() => retry(unsent)}>
          ${t("console.unsent.retry")}</button>
        <button type="button" class="button small" onClick=${() => takeBack(unsent)}>
          ${t("console.unsent.take_back")}</button>
      </div>`}
    </div>
  </article>`;
}
