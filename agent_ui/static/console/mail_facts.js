// What a mail tells beside its text: what kind of mail it is, whether it may be forged, who else
// got it, a meeting. What needs care is said in words; the rest is a small mark or folded away.

import { html } from "htm/preact";
import { clockTime, dayAndTime, wholeDay } from "../common/format.js";
import { has, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { checkOf, mayBeForged, meetingTime } from "./mail_words.js";

/** @import {Address, Invitation, MailFacts, Message} from "./types.js" */

/** Said in a box of their own, or by a button. */
const ELSEWHERE = new Set(["encrypted_pgp", "encrypted_smime", "remote_content"]);

/** The kind of a mail in small marks. @param {{message: Message}} props */
export function Marks({ message }) {
  const marks = (message.mail?.marks ?? []).filter((one) => !ELSEWHERE.has(one) && has(`console.mail.mark.${one}`));
  if (message.automatic && !marks.includes("auto_reply") && !marks.includes("report")) marks.unshift("auto_reply");
  if (!marks.length) return null;
  return html`<ul class="plain marks" aria-label=${t("console.mail.marks")}>
    ${marks.map((one) => html`<li key=${one} class="chip" data-mark=${one}>${t(`console.mail.mark.${one}`)}</li>`)}</ul>`;
}

/** What an agent must know before believing the mail. @param {{message: Message}} props */
export function Warnings({ message }) {
  const { marks = [], authentication, sent_by } = message.mail ?? {};
  const sealed = marks.includes("encrypted_smime") ? "S/MIME" : marks.includes("encrypted_pgp") ? "PGP" : null;
  return html`${mayBeForged(authentication) && html`<p class="message-warning message-forged" data-warning="forged">
      <${Icon} name="alert" /><span>${t("console.mail.forged")} <span class="explained">${t("console.mail.forged_do")}</span></span></p>`}
    ${sent_by && html`<p class="message-warning" data-warning="by-form"><${Icon} name="alert" />
      <span>${t("console.mail.by_form", { address: sent_by.address })} <span class="explained">${t("console.mail.forged_do")}</span></span></p>`}
    ${message.other_sender && html`<p class="message-warning" data-warning="other-sender"><${Icon} name="alert" />
      <span>${t("console.message.other_sender", { address: message.address || t("console.person.unknown") })}</span></p>`}
    ${sealed && html`<p class="message-warning" data-warning="encrypted"><${Icon} name="lock" />
      <span>${t("console.mail.encrypted", { how: sealed })} <span class="explained">${t("console.mail.encrypted_do")}</span></span></p>`}`;
}

/** @param {Address} one */
function shown({ name, address }) {
  return name && name !== address ? `${name} <${address}>` : address;
}

/** @param {{name: string, all?: Address[]}} props */
function Row({ name, all = [] }) {
  if (!all.length) return null;
  return html`<div><dt>${t(`console.mail.${name}`)}</dt><dd>${all.map(shown).join(", ")}</dd></div>`;
}

/** What our own server found out of the sender. @param {Record<string, string>} results */
function checks(results) {
  return ["spf", "dkim", "dmarc"].filter((one) => results[one]).map((one) => {
    const word = checkOf(results[one] ?? "");
    return `${one.toUpperCase()} ${word ? t(`console.mail.check.${word}`) : results[one]}`;
  });
}

/** To whom a mail went, folded in one line. @param {{mail: MailFacts, ours: boolean}} props */
export function Recipients({ mail, ours }) {
  const { to = [], cc = [], bcc = [], reply_to, sent_by, authentication = {} } = mail;
  const all = [...to, ...cc, ...bcc];
  const said = checks(authentication);
  if (ours) {
    if (!all.length) return null;
    return html`<dl class="meta mail-rows"><${Row} name="to" all=${to} /><${Row} name="cc" all=${cc} />
      <${Row} name="bcc" all=${bcc} /></dl>`;
  }
  if (all.length < 2 && !reply_to && !said.length) return null;
  const first = to[0] ?? cc[0];
  const more = all.length > 1 ? ` + ${all.length - 1}` : "";
  return html`<details class="recipients"><summary>${first
      ? `${t("console.mail.to")}: ${first.address}${more}` : t("console.mail.details")}</summary>
    <dl class="mail-rows"><${Row} name="to" all=${to} /><${Row} name="cc" all=${cc} />
      ${sent_by && html`<${Row} name="sent_by" all=${[sent_by]} />`}
      ${reply_to && html`<${Row} name="reply_to" all=${[reply_to]} />`}
      ${said.length > 0 && html`<div><dt>${t("console.mail.checked")}</dt><dd>${said.join(", ")}</dd></div>`}</dl></details>`;
}

/** @param {NonNullable<ReturnType<typeof meetingTime>>} time */
function when({ whole, start, end, sameDay }) {
  const first = whole ? wholeDay(start) : dayAndTime(start);
  if (!end) return whole ? `${first}, ${t("console.mail.invitation.whole_day")}` : first;
  return `${first} – ${whole ? wholeDay(end) : sameDay ? clockTime(end) : dayAndTime(end)}`;
}

/** @param {{name: string, children: unknown}} props */
function Fact({ name, children }) {
  return html`<div><dt>${t(`console.mail.invitation.${name}`)}</dt><dd>${children}</dd></div>`;
}

/** A meeting. Times are those of this computer's clock. @param {{invitation: Invitation}} props */
export function InvitationCard({ invitation }) {
  const { method, summary, location, organiser } = invitation;
  const time = meetingTime(invitation);
  return html`<div class="invitation" role="group" data-method=${method} aria-label=${t("console.mail.invitation")}>
    <p class="invitation-kind"><${Icon} name=${method === "cancel" ? "close" : "clock"} />
      ${t(`console.mail.invitation.method.${method}`)}</p>
    <p class="invitation-what">${summary || t("console.mail.invitation.no_summary")}</p>
    <dl class="mail-rows">
      ${(time || invitation.starts) && html`<${Fact} name="when">${time
        ? html`<time datetime=${invitation.starts}>${when(time)}</time>` : invitation.starts}</${Fact}>`}
      ${location && html`<${Fact} name="where">${location}</${Fact}>`}
      ${organiser && html`<${Fact} name="organiser">${organiser}</${Fact}>`}
    </dl>
  </div>`;
}
