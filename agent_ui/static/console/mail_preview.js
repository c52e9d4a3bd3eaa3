// What the house adds to an answer by mail: the greeting above, the signature and the answered mail
// below, and how the whole leaves.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../common/i18n.js";
import * as api from "./api.js";
import { changeMail, draftOf } from "./drafts.js";

/** @import {Card, Reply} from "./types.js" */

/** What the server would add; null until it is known.
 * @param {Card} card @param {boolean} wanted
 * @returns {{added: Reply | null, failed: string, load: () => void}} */
export function useReply(card, wanted) {
  const [added, setAdded] = useState(/** @type {Reply | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => {
    api.reply(card.contact).then(
      (known) => { setAdded(known); setFailed(""); },
      (error) => setFailed(error instanceof Error ? error.message : String(error)),
    );
  };
  useEffect(() => {
    if (wanted) load();
  }, [card.contact, wanted]);
  return { added, failed, load };
}

/** The greeting, which nobody need write. @param {{added: Reply | null}} props */
export function Greeting({ added }) {
  if (!added?.greeting) return null;
  return html`<p class="added" id="greeting"><span class="hidden">${t("console.mail.added")}: </span>${added.greeting}</p>`;
}

/** Whether the answered mail stands below. @param {{contact: string}} props */
export function QuoteChoice({ contact }) {
  const { quote } = draftOf(contact).mail;
  return html`<label class="choice quote-choice"><input type="checkbox" name="quote" checked=${quote}
    onChange=${() => changeMail(contact, { quote: !quote })} />${t("console.mail.quote")}</label>`;
}

/** @param {{name: string, value: string}} props */
function Line({ name, value }) {
  return value ? html`<div><dt>${t(`console.mail.${name}`)}</dt><dd>${value}</dd></div>` : null;
}

/** The mail as it would leave. @param {{card: Card, added: Reply | null, failed: string, load: () => void}} props */
export function Preview({ card, added, failed, load }) {
  const { reply, mail } = draftOf(card.contact);
  const signature = added?.signature.replace(/\s*\n\s*/g, ", ") ?? "";
  const parts = [added?.greeting, reply.trimEnd() || `(${t("console.mail.your_text")})`, added?.signature, mail.quote && added?.quote];
  /** @param {{currentTarget: HTMLDetailsElement}} event */
  const turned = ({ currentTarget: { open } }) => {
    if (open) load();
  };
  return html`<details class="preview" onToggle=${turned}>
    <summary>${t("console.mail.preview")}${signature && html` <span class="meta">${signature}</span>`}</summary>
    ${failed && html`<p class="field-error" role="alert">${t("console.mail.preview_failed", { why: failed })}</p>`}
    ${added && html`<div class="preview-mail" role="region" aria-label=${t("console.mail.preview")} tabindex="0">
      <dl class="mail-rows">
        <${Line} name="from" value=${added.from.name ? `${added.from.name} <${added.from.address}>` : added.from.address} />
        <${Line} name="to" value=${mail.to || added.to.join(", ")} />
        <${Line} name="cc" value=${mail.cc} /><${Line} name="bcc" value=${mail.bcc} />
        <${Line} name="subject" value=${added.subject} />
        <${Line} name="files" value=${mail.files.map((one) => one.name).join(", ")} />
      </dl>
      <div class="message-text" dir="auto">${parts.filter(Boolean).join("\n\n")}</div>
    </div>`}
  </details>`;
}
