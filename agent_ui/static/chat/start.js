// Before the chat: who, what, and that nobody has to say either.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { count, has, language, setLanguage, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { cancel, reconnect, start, type } from "./chat.js";
import { before, draft, given, lengthOf, link, matter, MOST, name, notice, say } from "./model.js";

/** @import {Matter} from "./types.js" */
/** @typedef {{currentTarget: HTMLInputElement | HTMLTextAreaElement}} Typed */

/** The form before the first word. */
export function Start() {
  const { asks, languages, queue } = /** @type {Matter} */ (matter.value);
  const first = before.value;
  const asksLanguage = asks.includes("language") || !languages.includes(language.value);
  useEffect(() => void (asksLanguage && fetchBefore()), [asksLanguage]);
  const tooLong = lengthOf(draft.value) > MOST;
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    if (tooLong) document.getElementById("first")?.focus();
    else start();
  };
  return html`<form class="screen bare" onSubmit=${submit} noValidate>
    ${notice.value && html`<p class="notice warn" role="alert">${say(notice.value)}</p>`}
    <div class="hello"><h2 tabindex="-1" data-first>${t("chat.start.title")}</h2>
      <p class="soft">${t("chat.start.lead")}</p></div>
    ${given.chooses && first && html`<${first.Chosen} />`}
    <div class="field">
      <label for="first">${t("chat.start.message")} <span class="optional">${t("chat.optional")}</span></label>
      <textarea id="first" rows="3" value=${draft.value} aria-invalid=${tooLong} aria-describedby=${tooLong ? "first-error" : undefined}
        onInput=${(/** @type {Typed} */ event) => type(event.currentTarget.value)}></textarea>
      ${tooLong && html`<p class="field-error" id="first-error">${t("chat.message.too_long", { n: count(lengthOf(draft.value)), most: count(MOST) })}</p>`}
    </div>
    ${asksLanguage && first && html`<${first.Spoken} />`}
    ${asks.includes("name") && html`<div class="field">
      <label for="name">${t("chat.start.name")} <span class="optional">${t("chat.optional")}</span></label>
      <input id="name" maxlength="100" autocomplete="name" value=${name.value}
        onInput=${(/** @type {Typed} */ event) => (name.value = event.currentTarget.value)} />
    </div>`}
    <button class="button primary wide" data-act="start"><${Icon} name="chat" />${t("chat.start.go")}</button>
    <p class="privacy"><${Icon} name="alert" /><span>${t("chat.start.privacy")} <a href=${`/privacy?queue=${encodeURIComponent(queue)}&lang=${language.value}`} target="_blank" rel="noopener">${t("chat.start.privacy_link")}</a></span></p>
    <${Hours} />
  </form>`;
}

/** When somebody is there; fetched when it is asked for. */
export function Hours() {
  const [open, setOpen] = useState(false);
  /** @param {{currentTarget: HTMLDetailsElement}} event */
  const toggled = ({ currentTarget }) => {
    setOpen(currentTarget.open);
    fetchBefore();
  };
  return html`<details class="hours" onToggle=${toggled}><summary>${t("chat.start.hours")}</summary>
    ${open && before.value && html`<${before.value.HoursList} />`}</details>`;
}

/** What is asked first comes apart: most chats ask for nothing. */
export async function fetchBefore() {
  if (before.value) return;
  const words = has("chat.before.title") ? null : setLanguage(language.value, "?of=chat");
  const [found] = await Promise.all([import("./before.js"), words]).catch(() => []);
  before.value = found ?? null;
}

/** On the way there. */
export function Connecting() {
  const away = link.value === "offline" || link.value === "crowded";
  return html`<div class="screen centre">
    ${away ? html`<${Icon} name="unknown" />` : html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`}
    <div role="status"><h2 tabindex="-1" data-first>${t(away ? `chat.link.${link.value}` : "chat.connecting")}</h2>
      ${away && html`<p class="soft">${t("chat.link.lead")}</p>`}</div>
    <div class="actions">
      ${away && html`<button type="button" class="button primary" onClick=${reconnect}>${t("chat.link.now")}</button>`}
      <button type="button" class="button" data-act="cancel" onClick=${cancel}>${t("chat.cancel")}</button>
    </div>
  </div>`;
}
