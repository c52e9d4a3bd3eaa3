// Where the agent writes: a reply to the citizen, or a note that only colleagues see. The two
// never share a text, a colour or a button, so that a note is not sent by mistake.

import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { count, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { settings } from "../common/settings.js";
import { Attached, AttachButton, isAttaching, useFiles } from "./attach.js";
import { canWrite } from "./channels.js";
import { ChoiceButton, ChoiceFields } from "./choices.js";
import { typing } from "./desk.js";
import { change, draftOf, isBegun, isSaved, save, typed } from "./drafts.js";
import { focusSoon } from "./focus.js";
import { MailFields, MailTowards, trouble } from "./mail_fields.js";
import { Greeting, Preview, QuoteChoice, useReply } from "./mail_preview.js";
import { online } from "./model.js";
import { write } from "./sending.js";
import { beginning, SlashList, slashAt } from "./slash.js";
import { Borrowed, taken, TemplateMenu, templatesOf } from "./templates.js";

/** @import {Card} from "./types.js" */
/** @import {Kind} from "./drafts.js" */

const MOST = 50_000;

/** @param {{kind: Kind, active: Kind, card: Card}} props */
function Tab({ kind, active, card }) {
  const keys = settings.value.shortcuts;
  return html`<button type="button" role="tab" id=${`tab-${kind}`} class=${`tab tab-${kind}`}
    aria-selected=${kind === active} aria-controls="composer-panel" tabindex=${kind === active ? 0 : -1}
    disabled=${kind === "reply" && card.state !== "active"}
    aria-keyshortcuts=${keys ? (kind === "reply" ? "r" : "n") : undefined}
    onClick=${() => change(card.contact, { kind })}>
    <${Icon} name=${kind === "reply" ? "reply" : "note"} />${t(`console.composer.${kind}`)}
    ${keys && html`<kbd aria-hidden="true">${kind === "reply" ? "R" : "N"}</kbd>`}</button>`;
}

/** Whom it goes to, or that it goes to nobody outside. @param {{card: Card, kind: Kind}} props */
function Towards({ card, kind }) {
  if (kind === "note") return html`<p class="towards" id="towards">${t("console.composer.note_hint")}</p>`;
  const to = card.person?.address || card.person?.name;
  return to ? html`<p class="towards" id="towards">${t("console.composer.to")} <strong>${to}</strong></p>` : null;
}

/** Whether the server has the draft. @param {{card: Card, kind: Kind}} props */
function Kept({ card, kind }) {
  const draft = draftOf(card.contact);
  if (kind === "note" || !isBegun(draft)) return null;
  const key = isSaved(draft) ? "saved" : online.value ? "saving" : "saved_later";
  // A chat's line lasts for seconds: only trouble is worth a word.
  if (card.channel === "chat" && key !== "saved_later") return null;
  return html`<span class="meta" data-draft=${key}>${t(`console.composer.${key}`)}</span>`;
}

/** Whether this press of Enter sends. In a chat Enter alone does; while an input method puts a
 * word together, it only ends the word.
 * @param {KeyboardEvent} event @param {boolean} chat */
function sends(event, chat) {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return false;
  return event.ctrlKey || event.metaKey || (chat && !event.shiftKey && !event.altKey);
}

/** The keys that send. @param {{chat: boolean, kind: Kind}} props */
function Keys({ chat, kind }) {
  if (!chat) return html`<span class="meta keys-hint" aria-hidden="true"><kbd>Ctrl</kbd>+<kbd>Enter</kbd></span>`;
  return html`<span class="meta keys-hint" id="keys-hint"><kbd>Enter</kbd> ${t(`console.composer.enter_${kind === "note" ? "saves" : "sends"}`)},
    ${" "}<kbd>Shift</kbd>+<kbd>Enter</kbd> ${t("console.composer.shift_enter")}</span>`;
}

/** @param {{card: Card}} props */
export function Composer({ card }) {
  const box = /** @type {{current: HTMLTextAreaElement | null}} */ (useRef(null));
  const draft = draftOf(card.contact);
  const written = canWrite(card);
  const kind = card.state === "active" && written ? draft.kind : "note";
  const text = draft[kind];
  const tooLong = text.length > MOST;
  const chat = card.channel === "chat";
  const byMail = card.channel === "mail" && kind === "reply";
  const reply = useReply(card, byMail);
  const forPage = Boolean(reply.added?.page && !(draft.mail.to || draft.mail.cc || draft.mail.bcc));
  const [tried, setTried] = useState(false); // what is wrong is not said while it is being typed
  const wrong = byMail ? trouble(draft.mail) : null;
  const takesFiles = kind === "reply" && (byMail || chat);
  const attaching = takesFiles && isAttaching(card.contact);
  const { dropping, ...files } = useFiles(card.contact, takesFiles);
  const [slash, setSlash] = useState({ cursor: -1, active: 0 }); // -1: no list, until the next letter
  const begun = kind === "reply" && slash.cursor >= 0 ? slashAt(text, slash.cursor) : null;
  const found = begun ? beginning(templatesOf(card), begun.word) : [];
  const nothing = !text.trim() && !(chat && takesFiles && draft.mail.files.length);

  const send = () => {
    if (wrong) {
      setTried(true);
      return focusSoon(`#mail-${wrong.field}`);
    }
    if (!nothing && !tooLong && !attaching) write(card, kind, text.trimEnd());
    box.current?.focus();
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (found.length && slashKey(event)) event.preventDefault();
    else if (sends(event, chat)) {
      event.preventDefault();
      if (!event.repeat) send();
    } else if (event.key === "Escape" && !event.isComposing) document.getElementById("case-title")?.focus();
  };
  /** Keys of the list of templates. @param {KeyboardEvent} event */
  const slashKey = ({ key, isComposing, ctrlKey, metaKey }) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    const one = found[slash.active];
    if (isComposing || ctrlKey || metaKey) return false;
    if (step) setSlash({ ...slash, active: (slash.active + step + found.length) % found.length });
    else if (key === "Escape") setSlash({ cursor: -1, active: 0 });
    else if ((key === "Enter" || key === "Tab") && one) pick(one);
    else return false;
    return true;
  };
  /** A template instead of the "/word". @param {import("./types.js").Template} template */
  const pick = (template) => {
    if (begun && box.current) box.current.setSelectionRange(begun.from, slash.cursor);
    setSlash({ cursor: -1, active: 0 });
    put(taken(card, template));
  };
  /** @param {{currentTarget: HTMLTextAreaElement}} event */
  const input = ({ currentTarget: { value, selectionStart } }) => {
    typed(card.contact, kind, value);
    setSlash({ cursor: selectionStart, active: 0 });
    if (chat && kind === "reply" && value.trim()) typing(card);
  };
  /** Put a template where the cursor is. @param {string} text */
  const put = (text) => {
    const { selectionStart: from, selectionEnd: to } = box.current ?? { selectionStart: 0, selectionEnd: 0 };
    typed(card.contact, "reply", draft.reply.slice(0, from) + text + draft.reply.slice(to));
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(from + text.length, from + text.length);
    });
  };
  const described = ["towards", byMail && reply.added?.greeting && "greeting", chat && "keys-hint", tooLong && "composer-error"].filter(Boolean).join(" ");
  /** @param {KeyboardEvent} event */
  const otherTab = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    if (card.state !== "active") return;
    const other = kind === "reply" ? "note" : "reply";
    change(card.contact, { kind: other });
    document.getElementById(`tab-${other}`)?.focus();
  };

  return html`<section class=${`composer composer-${kind} ${chat ? "composer-chat" : ""}`} data-region
    data-dropping=${dropping} aria-label=${t("console.composer.title")} ...${files}>
    <div class="composer-head">
      ${written
        ? html`<div class="tabs" role="tablist" aria-label=${t("console.composer.title")} onKeyDown=${otherTab}>
            <${Tab} kind="reply" active=${kind} card=${card} /><${Tab} kind="note" active=${kind} card=${card} />
          </div>`
        : html`<label class="composer-only" for="composer-text"><${Icon} name="note" />${t("console.hand.note")}
            ${settings.value.shortcuts && html`<kbd aria-hidden="true">N</kbd>`}</label>`}
      ${byMail ? html`<${MailTowards} card=${card} wrong=${wrong !== null} page=${forPage} />` : html`<${Towards} card=${card} kind=${kind} />`}
    </div>
    <div class="composer-body" id="composer-panel" role=${written ? "tabpanel" : undefined}
      aria-labelledby=${written ? `tab-${kind}` : undefined}>
      <div class="composer-scroll">
        ${written && html`<label class="hidden" for="composer-text">${t(`console.composer.${kind}_label`)}</label>`}
        ${byMail && html`<${MailFields} card=${card} wrong=${tried ? wrong : null} onTry=${setTried} />
          <${Greeting} added=${reply.added} />`}
        <textarea id="composer-text" ref=${box} rows=${chat ? 2 : 3} value=${text} lang=${card.language}
          placeholder=${t(written ? `console.composer.${kind}_placeholder` : "console.hand.note_placeholder")}
          aria-keyshortcuts=${!written && settings.value.shortcuts ? "n" : undefined}
          aria-invalid=${tooLong} aria-describedby=${described} onInput=${input}
          aria-autocomplete=${kind === "reply" ? "list" : undefined} aria-controls=${found.length ? "slash" : undefined}
          aria-activedescendant=${found.length ? `slash-${slash.active}` : undefined}
          onBlur=${() => { setSlash({ cursor: -1, active: 0 }); save(card.contact); }} onKeyDown=${key}></textarea>
        ${found.length > 0 && html`<${SlashList} card=${card} found=${found} active=${slash.active} onPick=${pick} />`}
        ${tooLong && html`<p class="field-error" id="composer-error" role="alert">
          ${t("console.composer.too_long", { n: count(text.length), most: count(MOST) })}</p>`}
        ${kind === "reply" && html`<${Borrowed} card=${card} />`}
        ${kind === "reply" && chat && html`<${ChoiceFields} card=${card} />`}
        ${byMail && !forPage && html`<div class="mail-below"><${Preview} card=${card} ...${reply} /><${QuoteChoice} contact=${card.contact} /></div>`}
        ${takesFiles && html`<${Attached} contact=${card.contact} />
          ${attaching && html`<p class="meta" role="status" id="attaching">${t("console.attach.wait")}</p>`}`}
      </div>
      <div class="row composer-foot">
        ${kind === "reply" && html`<${TemplateMenu} card=${card} onPick=${put} />`}
        ${takesFiles && html`<${AttachButton} contact=${card.contact} />`}
        ${kind === "reply" && chat && html`<${ChoiceButton} card=${card} />`}
        <span class="grow"><${Kept} card=${card} kind=${kind} /></span>
        <${Keys} chat=${chat} kind=${kind} />
        <button type="button" class=${`button ${kind === "reply" ? "primary" : "note"}`} data-act="send"
          aria-disabled=${nothing || tooLong || attaching} aria-keyshortcuts=${chat ? "Enter" : "Control+Enter"} onClick=${send}>
          <${Icon} name=${kind === "reply" ? "send" : "note"} />${t(`console.composer.${kind}_send`)}</button>
      </div>
    </div>
  </section>`;
}
