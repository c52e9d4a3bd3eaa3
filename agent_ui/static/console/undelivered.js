// Answers of mine that did not arrive, until somebody has settled each: sent again, looked after in
// the case, or in another way.

import { html } from "htm/preact";
import { dateTime } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Reason } from "./delivery.js";
import { dismiss, openCase, resend } from "./mail_acts.js";
import { isAsked, online, state } from "./model.js";

/** @import {Undelivered} from "./types.js" */

/** @param {{one: Undelivered}} props */
function Row({ one }) {
  const { send_id, case: id, recipient, subject, code, at } = one;
  const busy = !online.value || ["resend", "dismiss"].some((verb) => isAsked(verb, send_id)) || isAsked("reopen", id ?? "");
  const whom = html`<span class="hidden">: ${recipient}</span>`;
  return html`<li class="leftover" data-undelivered=${send_id}>
    <p class="contact-person">${recipient}</p>
    <p class="contact-subject">${subject || t("console.subject.none")}</p>
    <p class="undelivered-why"><${Icon} name="alert" /><span><${Reason} code=${code} />
      <time class="meta" datetime=${at}> ${dateTime(at)}</time></span></p>
    <div class="row">
      ${id && html`<button type="button" class="button small" data-act="open-case" disabled=${busy}
        onClick=${() => openCase(id)}>${t("console.undelivered.open")}${whom}</button>`}
      <button type="button" class="button small" data-act="resend-undelivered" disabled=${busy}
        onClick=${() => resend(send_id)}>${t("delivery.resend")}${whom}</button>
      <button type="button" class="button small quiet" data-act="dismiss" disabled=${busy}
        onClick=${() => dismiss(send_id)}>${t("console.undelivered.dismiss")}${whom}</button>
    </div>
  </li>`;
}

/** What did not arrive, where anything did not. */
export function NotArrived() {
  const all = state.value.undelivered;
  if (!all.length) return null;
  return html`<section class="leftovers" data-region aria-labelledby="undelivered-title">
    <h2 id="undelivered-title" tabindex="-1">${t("console.undelivered.title")}
      <span class="count">${all.length}</span></h2>
    <p class="meta">${t("console.undelivered.explained")}</p>
    <ul class="plain">${all.map((one) => html`<${Row} key=${one.send_id} one=${one} />`)}</ul>
  </section>`;
}
