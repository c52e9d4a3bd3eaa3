// A contact begun by hand: one press once the dialog is open. Who it is and what it is about is
// written while the person talks.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { languageName, languageWord } from "../common/format.js";
import { named, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { settings } from "../common/settings.js";
import { whenWallSays } from "../common/zone.js";
import { isOpen } from "./acts.js";
import { begin } from "./by_hand.js";
import { dialog, info, online, refusal } from "./model.js";

/** @import {Info} from "./types.js" */

const KEPT = "contactcenter.begin";

/** @typedef {{key: string, icon: string, channel: string, direction: "citizen" | "agent"}} Way */
/** @type {Way[]} */
const WAYS = [
  { key: "call", icon: "call", channel: "call", direction: "citizen" },
  { key: "visit", icon: "visit", channel: "visit", direction: "citizen" },
  { key: "letter", icon: "letter", channel: "letter", direction: "citizen" },
  { key: "out", icon: "callback", channel: "call", direction: "agent" },
];

/** The queue and language chosen last in this browser, where they are there. @param {Info | null} known */
function chosenLast(known) {
  const queues = known?.queues ?? [];
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  const own = queues.find((one) => one.organisation === known?.user.organisation);
  const queue = queues.find((one) => one.key === kept.queue) ?? own ?? queues[0];
  return { queue: queue?.key ?? "", language: String(kept.language ?? known?.user.language ?? "") };
}

/** The languages of a queue, and of these the wished one or the first.
 * @param {string} queue @param {string} wished */
function spoken(queue, wished) {
  const all = info.value?.queues.find((one) => one.key === queue)?.languages ?? [];
  return { all, language: all.includes(wished) ? wished : (all[0] ?? wished) };
}

/** @param {{id: string, label: string, value: string, all: [string, string][], onPick: (value: string) => void}} props */
function Pick({ id, label, value, all, onPick }) {
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} value=${value}
      onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => onPick(event.currentTarget.value)}>
      ${all.map(([key, name]) => html`<option key=${key} value=${key}>${name}</option>`)}</select></div>`;
}

/** @param {{way: Way, n: number, busy: boolean, onPress: () => void}} props */
function WayButton({ way, n, busy, onPress }) {
  const keys = settings.value.shortcuts;
  return html`<button type="button" class="button begin-way" data-way=${way.key} data-first=${n === 0 || undefined}
    aria-describedby="begin-hint" aria-keyshortcuts=${keys ? String(n + 1) : undefined} disabled=${busy} onClick=${onPress}>
    <${Icon} name=${way.icon} /><span>${t(`console.begin.${way.key}`)}</span>
    ${keys && html`<kbd aria-hidden="true">${n + 1}</kbd>`}</button>`;
}

/** Why nothing has begun yet. */
function Standing() {
  const refused = refusal.value?.asked === "start " ? refusal.value.text : "";
  if (refused) return html`<p class="error" role="alert">${refused}</p>`;
  if (online.value && !isOpen("start", "")) return null;
  const key = isOpen("start", "") ? (online.value ? "begins" : "begins_later") : "no_connection";
  return html`<p class="notice" role="status">${t(`console.begin.${key}`)}</p>`;
}

/** The dialog. */
export function BeginDialog() {
  const [chosen, setChosen] = useState(() => chosenLast(info.value));
  const [came, setCame] = useState("");
  const { all, language } = spoken(chosen.queue, chosen.language);
  const busy = !online.value || isOpen("start", "") || !chosen.queue;
  const end = () => {
    dialog.value = null;
  };
  useEffect(() => {
    refusal.value = null; // of a former try
  }, []);

  /** @param {Way} way */
  const press = ({ channel, direction }) => {
    if (busy) return;
    localStorage.setItem(KEPT, JSON.stringify({ queue: chosen.queue, language }));
    const at = came && direction === "citizen" ? { arrived_at: new Date(whenWallSays(came)).toISOString() } : {};
    begin({ channel, direction, queue: chosen.queue, language, ...at });
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const way = WAYS[Number(event.key) - 1];
    if (!way || !settings.value.shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    press(way);
  };
  const name = named(info.value?.queues.find((one) => one.key === chosen.queue)?.name, chosen.queue);
  return html`<${Dialog} title=${t("console.begin.title")} onClose=${end}>
    <div class="begin" onKeyDown=${key}>
      <div class="begin-where">
        <${Pick} id="begin-queue" label=${t("console.fact.queue")} value=${chosen.queue}
          all=${(info.value?.queues ?? []).map((one) => [one.key, named(one.name, one.key)])}
          onPick=${(/** @type {string} */ queue) => setChosen({ ...chosen, queue })} />
        <${Pick} id="begin-language" label=${t("console.fact.language")} value=${language}
          all=${all.map((code) => [code, languageName(code)])}
          onPick=${(/** @type {string} */ picked) => setChosen({ ...chosen, language: picked })} />
      </div>
      <details class="begin-came"><summary>${t("console.begin.came_earlier")}</summary>
        <div class="field"><label for="begin-came">${t("console.begin.came")}</label>
          <input id="begin-came" type="datetime-local" value=${came} aria-describedby="begin-came-hint"
            onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setCame(event.currentTarget.value)} />
          <p class="meta" id="begin-came-hint">${t("console.begin.came_hint")}</p></div>
      </details>
      <div class="begin-ways" role="group" aria-label=${t("console.begin.way")}>
        ${WAYS.map((way, n) => html`<${WayButton} key=${way.key} way=${way} n=${n} busy=${busy} onPress=${() => press(way)} />`)}
      </div>
      <${Standing} />
      <p class="meta" id="begin-hint">${t("console.begin.hint", { queue: name, language: languageWord(language) })}</p>
    </div>
  </${Dialog}>`;
}
