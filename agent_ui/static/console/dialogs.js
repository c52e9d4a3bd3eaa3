// Settings and the list of shortcuts.

import { html } from "htm/preact";
import { Dialog } from "../common/dialog.js";
import { t } from "../common/i18n.js";
import { set, settings } from "../common/settings.js";
import { BeginDialog } from "./begin.js";
import { DeclineDialog } from "./decline.js";
import { ForwardDialog } from "./forward.js";
import { card, dialog, state } from "./model.js";
import { PullDialog } from "./pull.js";
import { ShiftDialog } from "./shift.js";
import { SHORTCUTS } from "./shortcuts.js";
import { beep, blip } from "./sound.js";
import { BlockDialog, SpamDialog } from "./spam.js";
import { TransferDialog } from "./transfer.js";

const end = () => {
  dialog.value = null;
};

/** @typedef {"sound" | "soundMessages" | "titleOffers" | "titleMessages"} Switch */

/** @param {{name: Switch, label: string, play?: () => void}} props `play`: to hear what was switched on */
function Choice({ name, label, play }) {
  const on = settings.value[name];
  const turn = () => {
    set({ [name]: !on });
    if (!on) play?.();
  };
  return html`<label class="choice"><input type="checkbox" name=${name} checked=${on} onChange=${turn} />${label}</label>`;
}

function SettingsDialog() {
  const { theme, shortcuts } = settings.value;
  return html`<${Dialog} title=${t("console.settings.title")} onClose=${end}>
    <fieldset class="choices"><legend>${t("console.settings.theme")}</legend>
      ${(/** @type {const} */ (["system", "light", "dark"])).map((one) => html`<label key=${one} class="choice">
        <input type="radio" name="theme" checked=${theme === one} onChange=${() => set({ theme: one })} />
        ${t(`console.settings.theme_${one}`)}</label>`)}
    </fieldset>
    <fieldset class="choices"><legend>${t("console.settings.sound")}</legend>
      <${Choice} name="sound" label=${t("console.settings.sound_on")} play=${beep} />
      <${Choice} name="soundMessages" label=${t("console.settings.sound_messages")} play=${blip} />
    </fieldset>
    <fieldset class="choices"><legend>${t("console.settings.page_title")}</legend>
      <${Choice} name="titleOffers" label=${t("console.settings.title_offers")} />
      <${Choice} name="titleMessages" label=${t("console.settings.title_messages")} />
    </fieldset>
    <fieldset class="choices"><legend>${t("console.settings.shortcuts")}</legend>
      <label class="choice"><input type="checkbox" checked=${shortcuts}
        onChange=${() => set({ shortcuts: !shortcuts })} />${t("console.settings.shortcuts_on")}</label>
      <p class="meta">${t("console.settings.shortcuts_hint")}</p>
    </fieldset>
    <p class="meta">${t("console.settings.kept_here")}</p>
    <p class="row"><a href="/account">${t("console.account")}</a>
      ${state.value.me?.role === "admin" && html`<a href="/admin/queues">${t("settings.title")}</a>`}</p>
  </${Dialog}>`;
}

function ShortcutsDialog() {
  const digitsLast = (/** @type {[string, unknown]} */ [key]) => Number(/\d/.test(key));
  const single = Object.entries(SHORTCUTS).sort((a, b) => digitsLast(a) - digitsLast(b))
    .map(([key, { name }]) => [key.toUpperCase(), name]);
  const all = [...single, ["Enter", "send_chat"], ["Shift+Enter", "new_line"], ["Ctrl+Enter", "send"], ["Esc", "leave"]];
  return html`<${Dialog} title=${t("console.shortcuts.title")} onClose=${end}>
    ${!settings.value.shortcuts && html`<p class="notice">${t("console.shortcuts.off")}</p>`}
    <dl class="keys">
      ${all.map(([key, name]) => html`<div key=${name}>
        <dt><kbd>${key}</kbd></dt>
        <dd>${t(`console.shortcuts.${name}`)}</dd></div>`)}
    </dl>
    <p class="meta">${t("console.shortcuts.hint")}</p>
  </${Dialog}>`;
}

/** The dialog that is asked for. */
export function Dialogs() {
  if (dialog.value === "settings") return html`<${SettingsDialog} />`;
  if (dialog.value === "shortcuts") return html`<${ShortcutsDialog} />`;
  if (dialog.value === "begin") return html`<${BeginDialog} />`;
  if (dialog.value === "pull") return html`<${PullDialog} />`;
  if (dialog.value === "shift") return html`<${ShiftDialog} />`;
  if (dialog.value === "decline") return html`<${DeclineDialog} />`;
  if (!card.value) return null;
  if (dialog.value === "transfer") return html`<${TransferDialog} card=${card.value} />`;
  if (dialog.value === "forward") return html`<${ForwardDialog} card=${card.value} />`;
  if (dialog.value === "spam") return html`<${SpamDialog} card=${card.value} />`;
  if (dialog.value === "block") return html`<${BlockDialog} card=${card.value} />`;
  return null;
}
