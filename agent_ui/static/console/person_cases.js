// What a person has turned to the city with, and what they said of it.

import { html } from "htm/preact";
import { dateTime } from "../common/format.js";
import { named, t, tn } from "../common/i18n.js";
import { info } from "./model.js";

/** @import {Known, KnownCase, KnownContact} from "./types.js" */

/** @param {{one: KnownContact}} props */
function Contact({ one }) {
  const outcome = info.value?.dispositions.find((each) => each.key === one.disposition)?.name;
  return html`<li><time datetime=${one.at}>${dateTime(one.at)}</time>, ${t(`channel.${one.channel}`)}, ${named(one.queue.name, one.queue.key)}${outcome
    ? `, ${named(outcome, one.disposition ?? "")}` : ""}</li>`;
}

/** @param {{one: KnownCase, current: boolean}} props */
function Case({ one, current }) {
  return html`<li class="known-case">
    <strong>${one.subject || t("console.known.no_subject")}</strong>
    <span class=${`chip chip-case-${one.state}`}>${t(`console.case_state.${one.state}`)}</span>
    ${current && html`<span class="meta"> ${t("console.known.this")}</span>`}
    ${one.service && html`<br />${named(one.service.name, one.service.id)}`}
    <ul class="plain">${one.contacts.map((each) => html`<${Contact} key=${each.contact} one=${each} />`)}</ul>
  </li>`;
}

/** @param {{known: Known, current: string}} props */
export function KnownCases({ known, current }) {
  const open = known.cases.filter((one) => one.state !== "resolved").length;
  return html`<h4>${t("console.known.cases")}</h4>
    <p class="meta">${tn("console.known.n_open", open)} ${tn("console.known.n_settled", known.cases.length - open)}</p>
    <ul class="plain why-list">${known.cases.map((one) => html`<${Case} key=${one.case} one=${one} current=${one.case === current} />`)}</ul>
    ${known.more && html`<p class="meta">${t("console.known.more")}</p>`}
    <p class="meta">${t("console.known.sensitive")}</p>`;
}

/** @param {{known: Known}} props */
export function KnownFeedback({ known }) {
  if (!known.feedback.length) return null;
  return html`<h4>${t("console.known.feedback")}</h4>
    <ul class="plain why-list">${known.feedback.map((one) => html`<li key=${one.contact}>
      <time datetime=${one.at}>${dateTime(one.at)}</time>${one.handling !== null ? ` ${t("console.known.handling", { n: one.handling })}` : ""}${one.service !== null
        ? ` ${t("console.known.service", { n: one.service })}` : ""}
      ${one.text && html`<br />${one.text}`}</li>`)}</ul>`;
}
