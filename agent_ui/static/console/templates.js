// Answers to write from: the agent picks one, and its text in the contact's language is put where
// the reply is being written. Where that language is missing the agent gets another one's text, and
// is warned until the reply is sent or emptied.

import { html } from "htm/preact";
import { named, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Menu } from "../common/menu.js";
import { change, draftOf } from "./drafts.js";
import { info } from "./model.js";

/** @import {Card, Template} from "./types.js" */

const OURS = ["fi", "sv", "en"];

/** The templates of the organisation whose queue the contact is in. @param {Card} card */
export function templatesOf(card) {
  const organisation = info.value?.queues.find((one) => one.key === card.queue)?.organisation;
  return (info.value?.templates ?? []).filter((one) => one.organisation === organisation);
}

/** The language of a template's text for a contact: its own, else the first there is.
 * @param {Template} template @param {string} wanted */
export function languageOf(template, wanted) {
  if (template.text[wanted]) return wanted;
  return OURS.find((one) => template.text[one]) ?? Object.keys(template.text)[0] ?? wanted;
}

/** @param {string} code */
export function languageName(code) {
  return OURS.includes(code) ? t(`language.${code}`) : code;
}

/** Note whether a template's language is another than the contact's; the text to put.
 * @param {Card} card @param {Template} template */
export function taken(card, template) {
  const language = languageOf(template, card.language);
  change(card.contact, { borrowed: language === card.language ? "" : language });
  return template.text[language] ?? "";
}

/** @param {{card: Card, onPick: (text: string) => void}} props */
export function TemplateMenu({ card, onPick }) {
  const all = templatesOf(card);
  if (!all.length) return null;
  const items = all.map((one) => {
    const language = languageOf(one, card.language);
    const missing = language !== card.language;
    return {
      key: one.key,
      content: html`<span class="grow">${named(one.name, one.key)}
        ${missing && html`<span class="template-missing"><${Icon} name="alert" />${t("console.template.missing", { language: languageName(card.language) })}</span>`}</span>`,
      act: () => onPick(taken(card, one)),
    };
  });
  return html`<${Menu} name="templates" class="button quiet" label=${t("console.template.title")} items=${items}>
    <${Icon} name="letter" />${t("console.template.title")}<//>`;
}

/** The warning beside "send". @param {{card: Card}} props */
export function Borrowed({ card }) {
  const { borrowed, reply } = draftOf(card.contact);
  if (!borrowed || !reply.trim()) return null;
  const given = { language: languageName(borrowed), wanted: languageName(card.language) };
  return html`<p class="notice warn borrowed" role="status" id="borrowed">${t("console.template.borrowed", given)}</p>`;
}
