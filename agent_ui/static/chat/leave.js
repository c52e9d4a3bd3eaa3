// Leaving a message: an address to answer to, and what it is about. Nothing typed is lost by an
// error, which stands beside its field.

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { count, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { leaveMessage } from "./chat.js";
import { address, draft, leaving, leftMessage, lengthOf, link, MOST, refused, say, state } from "./model.js";

/** @import {Words} from "./types.js" */

const ADDRESS = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/;

/** What is wrong with the form, by field. */
function problems() {
  /** @type {Record<string, Words>} */
  const found = {};
  const wrong = address.value.trim() ? "chat.leave.bad_address" : "chat.leave.no_address";
  if (!ADDRESS.test(address.value.trim())) found.address = () => t(wrong);
  const n = lengthOf(draft.value);
  if (!draft.value.trim()) found.text = () => t("chat.leave.no_text");
  else if (n > MOST) found.text = () => t("chat.message.too_long", { n: count(n), most: count(MOST) });
  return found;
}

/** @param {{name: string, label: string, children: unknown}} props */
function Field({ name, label, children }) {
  const why = refused.value[name];
  return html`<div class="field"><label for=${`leave-${name}`}>${label}</label>${children}
    ${why && html`<p class="field-error" id=${`leave-${name}-error`}><${Icon} name="alert" />${say(why)}</p>`}</div>`;
}

/** What a field says of its error. @param {string} name */
function marks(name) {
  const bad = name in refused.value;
  return { "aria-invalid": bad, "aria-describedby": bad ? `leave-${name}-error` : undefined, "aria-required": true };
}

/** The form. */
export function LeaveForm() {
  const form = /** @type {{current: HTMLFormElement | null}} */ (useRef(null));
  const busy = leftMessage.value !== null;
  const away = busy && link.value !== "online" && link.value !== "connecting";
  useEffect(() => {
    /** @type {HTMLElement | null | undefined} */ (
      form.current?.querySelector('[aria-invalid="true"], [data-form-error]')
    )?.focus();
  }, [refused.value]);

  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    if (busy) return;
    const found = problems();
    refused.value = found;
    if (!Object.keys(found).length) leaveMessage(address.value.trim(), draft.value.trim());
  };
  const back = () => {
    refused.value = {};
    leftMessage.value = null;
    leaving.value = "";
  };
  const waits = state.value.phase === "waiting";
  return html`<form class="screen bare" ref=${form} onSubmit=${submit} noValidate aria-labelledby="leave-title">
    <div class="hello"><h2 id="leave-title" tabindex="-1" data-first>${t("chat.leave.title")}</h2>
      <p class="soft">${t("chat.leave.lead")}</p></div>
    ${refused.value.form && html`<p class="error" tabindex="-1" data-form-error>${say(refused.value.form)}</p>`}
    <${Field} name="address" label=${t("chat.leave.address")}>
      <input id="leave-address" type="email" autocomplete="email" inputmode="email" maxlength="254" value=${address.value}
        ...${marks("address")} onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => (address.value = event.currentTarget.value)} />
    <//>
    <${Field} name="text" label=${t("chat.leave.text")}>
      <textarea id="leave-text" rows="5" value=${draft.value} ...${marks("text")}
        onInput=${(/** @type {{currentTarget: HTMLTextAreaElement}} */ event) => (draft.value = event.currentTarget.value)}></textarea>
    <//>
    <p role="status" class="soft">${away ? `${t("chat.link.offline")} ${t("chat.link.lead")}` : busy ? t("chat.message.sending") : ""}</p>
    <div class="actions">
      <button class="button primary" data-act="leave-send" aria-disabled=${busy}><${Icon} name="send" />${t("chat.leave.send")}</button>
      <button type="button" class="button quiet" data-act="back" onClick=${back}>${t(waits ? "chat.leave.wait" : "chat.leave.back")}</button>
    </div>
  </form>`;
}
