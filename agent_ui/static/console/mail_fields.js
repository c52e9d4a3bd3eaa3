// To whom an answer by mail goes: the person, and where the agent asks for it others, openly or
// unseen by the rest.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { change, changeMail, draftOf, save } from "./drafts.js";
import { focusSoon } from "./focus.js";
import { countOf, MOST_ADDRESSES, wrongIn } from "./mail_draft.js";

/** @import {Card} from "./types.js" */
/** @import {Mail} from "./mail_draft.js" */

const FIELDS = /** @type {const} */ (["to", "cc", "bcc"]);

/** What is wrong with the addresses, and in which field; null where nothing is. @param {Mail} mail */
export function trouble(mail) {
  for (const field of FIELDS) {
    const wrong = wrongIn(mail[field]);
    if (wrong !== null) return { field, text: t("console.address.wrong", { address: wrong }) };
  }
  const n = countOf(mail);
  return n > MOST_ADDRESSES ? { field: "cc", text: t("console.address.many", { n, most: MOST_ADDRESSES }) } : null;
}

/** One field of addresses; `form` tells two such fields on one screen apart.
 * @param {{form?: string, name: string, label: string, value: string, wrong: string | null, holder?: string, required?: boolean,
 *   onType: (text: string) => void, onLeave?: () => void}} props `holder`: what counts while it is empty */
export function AddressField({ form = "mail", name, label, value, wrong, holder, required, onType, onLeave }) {
  const id = `${form}-${name}`;
  return html`<div class="address-field">
    <label for=${id}>${label}</label>
    <input id=${id} type="text" inputmode="email" autocomplete="off" autocapitalize="off" spellcheck="false" value=${value}
      placeholder=${holder} aria-required=${required} aria-invalid=${wrong !== null}
      aria-describedby=${[`${id}-hint`, wrong !== null && `${id}-error`].filter(Boolean).join(" ")}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => onType(event.currentTarget.value)}
      onBlur=${onLeave} />
    <span class="hidden" id=${`${id}-hint`}>${t("console.address.hint")}</span>
    ${wrong !== null && html`<p class="field-error" id=${`${id}-error`} role="alert">${wrong}</p>`}
  </div>`;
}

/** Whom it goes to, and the button that opens the fields. @param {{card: Card, wrong: boolean, page: boolean}} props
 * `wrong`: the fields can't be put away just now; `page`: no mail reaches anybody, it is read on the case's page */
export function MailTowards({ card, wrong, page }) {
  const draft = draftOf(card.contact);
  const { to, cc, bcc } = draft.mail;
  const open = isOpen(card.contact) || wrong;
  const turn = () => {
    change(card.contact, { copies: !open });
    if (!open) focusSoon("#mail-cc");
  };
  return html`<p class="towards" id="towards">
    ${page ? html`<strong>${t("console.page.only")}</strong>` : !open && html`${t("console.composer.to")} <strong>${to || card.person?.address || t("console.person.unknown")}</strong>`}
    ${!(to || cc || bcc) && html`<button type="button" class="button small quiet" data-act="copies" aria-expanded=${open}
      onClick=${turn}>${t(open ? "console.address.fewer" : "console.address.copies")}</button>`}</p>`;
}

/** Whether the fields are shown: asked for, or with something in them. @param {string} contact */
function isOpen(contact) {
  const { copies, mail } = draftOf(contact);
  return Boolean(copies || mail.to || mail.cc || mail.bcc);
}

/** The fields. @param {{card: Card, wrong: {field: string, text: string} | null, onTry: (tried: boolean) => void}} props
 * `onTry`: told whether it is time to say what is wrong */
export function MailFields({ card, wrong, onTry }) {
  const { contact, person } = card;
  const { mail } = draftOf(contact);
  if (!isOpen(contact)) return null;
  /** @param {string} name */
  const typed = (name) => (/** @type {string} */ text) => {
    onTry(false);
    changeMail(contact, { [name]: text });
  };
  const left = () => {
    onTry(true);
    save(contact);
  };
  const elsewhere = mail.to.trim() && mail.to.trim().toLowerCase() !== person?.address?.toLowerCase();
  return html`<div class="mail-fields" id="mail-fields" role="group" aria-label=${t("console.address.title")}>
    ${FIELDS.map((name) => html`<${AddressField} key=${name} name=${name} label=${t(`console.mail.${name}`)}
      value=${mail[name]} holder=${name === "to" ? person?.address ?? "" : undefined}
      wrong=${wrong?.field === name ? wrong.text : null}
      onType=${typed(name)} onLeave=${left} />`)}
    ${elsewhere && html`<p class="notice warn" role="status">${t("console.address.elsewhere")}</p>`}
  </div>`;
}
