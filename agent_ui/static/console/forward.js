// Passing a mail on to somebody outside the house: to whom, with which words. The original goes
// along; the citizen never sees it.

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { dateTime } from "../common/format.js";
import { t, tn } from "../common/i18n.js";
import { leave } from "./drafts.js";
import { focusSoon } from "./focus.js";
import { NO_MAIL } from "./mail_draft.js";
import { AddressField, trouble } from "./mail_fields.js";
import { dialog, forwarding, state } from "./model.js";
import { personName } from "./react.js";
import { forward } from "./sending.js";

/** @import {Card, Message} from "./types.js" */

/** The message that a forward passes on: the one asked for, else the newest that came.
 * @param {Card} card @param {number} [seq] @returns {Message | undefined} */
export function originalOf(card, seq) {
  const came = (state.value.timelines[card.case]?.messages ?? []).filter((one) => one.direction === "inbound");
  return came.find((one) => one.seq === seq) ?? came.at(-1);
}

/** What will go along. @param {{message: Message}} props */
function Original({ message }) {
  return html`<div class="notice forward-original">
    <p><strong>${t("console.forward.original")}</strong></p>
    <p>${message.from || t("console.person.unknown")}, ${dateTime(message.at)}${message.subject && `: ${message.subject}`}</p>
  </div>`;
}

/** @param {{card: Card}} props */
export function ForwardDialog({ card }) {
  const { seq, refused } = forwarding.value ?? {};
  const message = originalOf(card, seq);
  const [mail, setMail] = useState({ ...NO_MAIL, to: refused?.mail?.to ?? "", cc: refused?.mail?.cc ?? "" });
  const [text, setText] = useState(refused?.text ?? "");
  const [files, setFiles] = useState(refused?.original?.files ?? true);
  const [tried, setTried] = useState(false);
  const wrong = mail.to.trim() ? trouble(mail) : { field: "to", text: t("console.forward.missing") };
  const said = tried ? wrong : null;
  // What was written is put aside, not dropped, where the contact was taken from me unasked.
  const kept = useRef({ text: "", done: false });
  kept.current.text = text;
  useEffect(() => () => {
    const { text, done } = kept.current;
    const { contact } = card;
    forwarding.value = null;
    if (text.trim() && !done) leave({ contact, who: personName(card), kind: "forward", text });
  }, []);
  const end = () => {
    kept.current.done = true;
    dialog.value = null;
  };
  /** @param {"to" | "cc"} name */
  const typed = (name) => (/** @type {string} */ value) => {
    setTried(false);
    setMail({ ...mail, [name]: value });
  };
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return focusSoon(`#forward-${wrong.field}`);
    if (message) forward(card, text.trimEnd(), mail, { seq: message.seq, files });
    end();
  };
  const count = message?.attachments?.length ?? 0;
  return html`<${Dialog} title=${t("console.forward.title")} onClose=${end}>
    <form onSubmit=${submit} noValidate>
      <p>${t("console.forward.explained")}</p>
      <${AddressField} form="forward" name="to" label=${t("console.mail.to")} value=${mail.to} required
        wrong=${said?.field === "to" ? said.text : null} onType=${typed("to")} />
      <${AddressField} form="forward" name="cc" label=${t("console.forward.cc")} value=${mail.cc}
        wrong=${said?.field === "cc" ? said.text : null} onType=${typed("cc")} />
      <div class="field"><label for="forward-text">${t("console.forward.text")}</label>
        <textarea id="forward-text" rows="4" maxlength="50000" value=${text} aria-describedby="forward-hint"
          onInput=${(/** @type {{currentTarget: HTMLTextAreaElement}} */ event) => setText(event.currentTarget.value)}></textarea>
        <p class="meta" id="forward-hint">${t("console.forward.text_hint")}</p></div>
      ${message && html`<${Original} message=${message} />`}
      ${count > 0 && html`<label class="choice"><input type="checkbox" checked=${files} onChange=${() => setFiles(!files)} />
        ${tn("console.forward.files", count)}</label>`}
      <div class="actions">
        <button type="submit" class="button primary" data-act="forward-send" disabled=${!message}>${t("console.forward.done")}</button>
        <button type="button" class="button" onClick=${end}>${t("console.cancel")}</button>
      </div>
    </form>
  </${Dialog}>`;
}
