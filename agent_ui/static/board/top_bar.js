// What page this is, the language, the theme, the ways to other pages and out.

import { html } from "htm/preact";
import { LANGUAGES, language, setLanguage, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Menu } from "../common/menu.js";
import { Places } from "../common/places.js";
import { set, settings } from "../common/settings.js";
import { keepLanguage, signOut } from "../console/api.js";
import { failure, me } from "./model.js";
import { toWall } from "./wall.js";

const THEMES = /** @type {const} */ (["system", "light", "dark"]);

/** @param {{currentTarget: HTMLSelectElement}} event */
async function choose({ currentTarget: { value } }) {
  failure.value = "";
  try {
    await setLanguage(value);
    await keepLanguage(value);
  } catch {
    failure.value = t("console.language_failed");
  }
}

async function leave() {
  try {
    await signOut();
  } catch {
    failure.value = t("console.sign_out_failed");
    return;
  }
  location.assign("/login");
}

function Theme() {
  const items = THEMES.map((one) => ({
    key: one,
    checked: settings.value.theme === one,
    content: t(`console.settings.theme_${one}`),
    act: () => set({ theme: one }),
  }));
  return html`<${Menu} name="theme" label=${t("console.settings.theme")} items=${items} class="button quiet tool">
    <${Icon} name="theme" /><span class="tool-label">${t("console.settings.theme")}</span></${Menu}>`;
}

/** The bar. */
export function TopBar() {
  return html`<header class="top board-top">
    <h1 class="brand"><span class="brand-mark" aria-hidden="true"></span>${t("board.title")}</h1>
    <${Places} />
    <div class="tools">
      <label class="hidden" for="language">${t("console.language_label")}</label>
      <select id="language" class="language" value=${language.value} onChange=${choose}>
        ${LANGUAGES.map(([code, name]) => html`<option key=${code} value=${code} lang=${code}>${name}</option>`)}
      </select>
      <${Theme} />
      <button type="button" class="button quiet tool" title=${t("board.wall")} onClick=${toWall}>
        <${Icon} name="wall" /><span class="tool-label">${t("board.wall")}</span></button>
      <a class="who" href="/account" title=${t("console.account")}>${me.value?.name}</a>
      <button type="button" class="button quiet tool" title=${t("console.sign_out")} onClick=${leave}>
        <${Icon} name="out" /><span class="tool-label">${t("console.sign_out")}</span></button>
    </div>
  </header>`;
}
