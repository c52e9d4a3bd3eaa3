// Who I am, the language, settings, help, the way out.

import { html } from "htm/preact";
import { LANGUAGES, language, setLanguage, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Places } from "../common/places.js";
import { settings } from "../common/settings.js";
import { keepLanguage } from "./api.js";
import { signOut } from "./desk.js";
import { anythingUnkept } from "./drafts.js";
import { forget } from "./keep.js";
import { dialog, info, notify, state } from "./model.js";

/** @param {{currentTarget: HTMLSelectElement}} event */
async function choose(event) {
  const wanted = event.currentTarget.value;
  try {
    await setLanguage(wanted);
    await keepLanguage(wanted);
  } catch {
    notify("error", t("console.language_failed"));
  }
}

async function leave() {
  if (anythingUnkept() && !confirm(t("console.sign_out_unsent"))) return;
  try {
    await signOut();
  } catch {
    return notify("error", t("console.sign_out_failed"));
  }
  forget();
  location.assign("/login");
}

/** @param {{name: string, label: string, keys?: string, act: () => void}} props */
function Tool({ name, label, keys, act }) {
  return html`<button type="button" class="button quiet tool" title=${label} aria-keyshortcuts=${keys} onClick=${act}>
    <${Icon} name=${name} /><span class="tool-label">${label}</span></button>`;
}

/** The bar. */
export function TopBar() {
  return html`<header class="top">
    <h1 class="brand"><span class="brand-mark" aria-hidden="true"></span>${t("console.title")}</h1>
    <${Places} />
    <button type="button" class="button small begin-button" data-act="begin" onClick=${() => (dialog.value = "begin")}
      aria-keyshortcuts=${settings.value.shortcuts ? "c" : undefined}><${Icon} name="plus" />
      <span class="begin-label">${t("console.begin.title")}</span>
      ${settings.value.shortcuts && html`<kbd aria-hidden="true">C</kbd>`}</button>
    <div class="tools">
      <label class="hidden" for="language">${t("console.language_label")}</label>
      <select id="language" class="language" value=${language.value} onChange=${choose}>
        ${LANGUAGES.map(([code, name]) => html`<option key=${code} value=${code} lang=${code}>${name}</option>`)}
      </select>
      ${info.value?.user.may_pull && html`<${Tool} name="move" label=${t("console.pull.title")}
        keys=${settings.value.shortcuts ? "q" : undefined} act=${() => (dialog.value = "pull")} />`}
      <${Tool} name="keys" label=${t("console.shortcuts.title")} keys=${settings.value.shortcuts ? "?" : undefined}
        act=${() => (dialog.value = "shortcuts")} />
      <${Tool} name="gear" label=${t("console.settings.title")} act=${() => (dialog.value = "settings")} />
      <a class="who" href="/account" title=${t("console.account")}>${state.value.me?.name}</a>
      <${Tool} name="out" label=${t("console.sign_out")} act=${leave} />
    </div>
  </header>`;
}
