// Being called or written to instead of waiting here: one field, and what happens then.

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { asked, change, closeChange, number, way, wrong } from "./changing.js";
import { again } from "./chat.js";
import { address, draft, link, say, state } from "./model.js";

/** The form. */
export function ChangeForm() {
  const form = /** @type {{current: HTMLFormElement | null}} */ (useRef(null));
  const call = way.value === "callback";
  const field = call ? "number" : "address";
  const given = call ? number : address;
  const why = wrong.value[field];
  const busy = asked.value !== null;
  const alone = state.value.phase === "closed"; // no chat that could be changed
  const away = busy && !alone && link.value !== "online" && link.value !== "connecting";
  useEffect(() => {
    /** @type {HTMLElement | null | undefined} */ (
      form.current?.querySelector('[aria-invalid="true"], [data-form-error]')
    )?.focus();
  }, [wrong.value]);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    if (busy) return;
    const empty = !given.value.trim();
    const none = call ? "chat.change.no_number" : "chat.leave.no_address";
    wrong.value = empty ? { [field]: () => t(none) } : {};
    if (!empty) change();
  };
  const hint = call ? "change-hint" : "";
  return html`<form class="screen bare" ref=${form} onSubmit=${submit} noValidate aria-labelledby="change-title">
    <div class="hello"><h2 id="change-title" tabindex="-1" data-first>${t(`chat.change.${way.value}_title`)}</h2>
      <p class="soft">${t(alone ? "chat.change.alone_lead" : `chat.change.${way.value}_lead`)}</p></div>
    ${wrong.value.form && html`<p class="error" tabindex="-1" data-form-error>${say(wrong.value.form)}</p>`}
    <div class="field">
      <label for="change-to">${t(call ? "chat.change.number" : "chat.leave.address")}</label>
      ${call && html`<p class="soft" id="change-hint">${t("chat.change.number_hint")}</p>`}
      <input id="change-to" key=${field} type=${call ? "tel" : "email"} autocomplete=${call ? "tel" : "email"}
        inputmode=${call ? "tel" : "email"} maxlength="254" value=${given.value} aria-required="true"
        aria-invalid=${why !== undefined} aria-describedby=${`${hint} ${why ? "change-error" : ""}`.trim() || undefined}
        onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => (given.value = event.currentTarget.value)} />
      ${why && html`<p class="field-error" id="change-error"><${Icon} name="alert" />${say(why)}</p>`}
    </div>
    ${alone && html`<div class="field">
      <label for="change-matter">${t("chat.change.matter")} <span class="optional">${t("chat.optional")}</span></label>
      <textarea id="change-matter" rows="3" maxlength="2000" value=${draft.value}
        onInput=${(/** @type {{currentTarget: HTMLTextAreaElement}} */ event) => (draft.value = event.currentTarget.value)}></textarea>
    </div>`}
    <p role="status" class="soft">${away ? `${t("chat.link.offline")} ${t("chat.link.lead")}` : busy ? t("chat.message.sending") : ""}</p>
    <div class="actions">
      <button class="button primary" data-act="change-send" aria-disabled=${busy}>
        <${Icon} name=${call ? "callback" : "mail"} />${t(`chat.change.${way.value}_send`)}</button>
      <button type="button" class="button quiet" data-act="back" onClick=${closeChange}>${t(alone ? "chat.leave.back" : "chat.leave.wait")}</button>
    </div>
  </form>`;
}

/** What happens now; after a reload, without what was typed. */
export function Changed() {
  const { asked: alone, statusUrl } = state.value;
  const to = statusUrl?.includes("/callback/") ? "callback" : "mail"; // a mail has the page of its case
  return html`<section class="ended centre" data-reason="changed">
    <span class="face big" aria-hidden="true"><${Icon} name="check" /></span>
    <h2 tabindex="-1" data-first>${t(`chat.changed.${to}`)}</h2>
    <p class="soft">${t(alone ? "chat.changed.alone_lead" : `chat.changed.${to}_lead`)} <strong>${to === "callback" ? number.value.trim().replaceAll(" ", "\u00a0") : address.value.trim()}</strong></p>
    ${statusUrl && html`<p class="soft">${t("chat.changed.status_lead")}</p>
    <p><a class="button" href=${statusUrl} target="_blank" rel="noopener noreferrer">${t("chat.changed.status")}</a></p>`}
    <div class="actions"><button type="button" class="button quiet" data-act="again" onClick=${again}>
      <${Icon} name="chat" />${t("chat.closed.again")}</button></div>
  </section>`;
}
