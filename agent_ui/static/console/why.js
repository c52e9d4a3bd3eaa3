// Why a contact went to its agent, asked for when it is opened.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { clockTime, dateTime, isToday } from "../common/format.js";
import { t, tn } from "../common/i18n.js";
import * as api from "./api.js";
import { words as reasonName } from "./decline.js";

/** @import {Card, Happened, Why} from "./types.js" */

const REASONS = ["unable", "out", "full", "busy", "declined"];

/** "Aino Virtanen: offered, declined: no time". @param {Happened} one */
function happened({ what, agent, me, reason, by }) {
  const said = t(`history.${what}`, { agent: me ? t("history.me") : agent ?? t("history.colleague") });
  if (reason) return t("history.reason", { what: said, reason: reasonName(reason) });
  return by ? t("history.by", { what: said, agent: by }) : said;
}

/** What came before. @param {{history: Happened[]}} props */
function Before({ history }) {
  if (!history.length) return null;
  return html`<h4>${t("history.title")}</h4>
    <ul class="plain why-before">${history.map((one) => html`<li><time datetime=${one.at}>${isToday(one.at) ? clockTime(one.at) : dateTime(one.at)}</time> ${happened(one)}</li>`)}</ul>`;
}

/** @param {{why: Why}} props */
function Told({ why }) {
  if (why.taken === "pulled") return html`<p>${t("console.why.pulled")}</p>`;
  const decision = why.decisions.at(-1);
  if (!decision) return html`<p>${t("console.why.none")}</p>`;
  const { known, others, counts } = decision;
  const steps = why.steps.filter((one) => one.why !== "preferred");
  return html`${why.taken === "automatic" && html`<p>${t("console.why.automatic")}</p>`}
    <p>${t(known ? "console.why.known" : others ? "console.why.first" : "console.why.only")}</p>
    <ul class="plain why-list">
      ${steps.map((one) => html`<li key=${one.why}>${t(`console.why.step.${one.why}`)}</li>`)}
      ${others > 0 && html`<li>${tn("console.why.others", others)}</li>`}
      ${REASONS.filter((one) => counts[one]).map((one) => html`<li key=${one}>${tn(`console.why.${one}`, counts[one] ?? 0)}</li>`)}
    </ul>`;
}

/** @param {{card: Card}} props */
export function WhyMe({ card: { contact, case: number } }) {
  const [why, setWhy] = useState(/** @type {Why | null} */ (null));
  const [failed, setFailed] = useState("");
  /** @param {{currentTarget: HTMLDetailsElement}} event */
  const turned = ({ currentTarget: { open } }) => {
    if (!open || why) return;
    api.why(contact).then(
      (told) => { setWhy(told); setFailed(""); },
      (error) => setFailed(error instanceof Error ? error.message : String(error)),
    );
  };
  return html`<details class="why" onToggle=${turned}><summary>${t("console.why")}</summary>
    <div role="status">
      ${failed ? html`<p class="field-error">${failed}</p>` : why ? html`<${Told} why=${why} /><${Before} history=${why.history} />` : html`<p>${t("console.loading")}</p>`}
      <p><a href=${`/why-not?number=${number}&contact=${contact}`}>${t("why_not.link")}</a></p>
    </div></details>`;
}
