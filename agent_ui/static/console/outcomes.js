// What came of a call: one press, and a second only where it ends the matter.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { serverNow_ms } from "../common/format.js";
import { t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import { isOpen } from "./acts.js";
import { attempt } from "./by_hand.js";
import { againAt, isLast } from "./callback.js";
import { focusSoon } from "./focus.js";
import { online } from "./model.js";

/** @import {Callback, Card} from "./types.js" */

const OUTCOMES = /** @type {const} */ (["reached", "no_answer", "busy", "wrong_number"]);
const MINUTES = ["15", "60", "180"];

/** @param {{n: number, outcome: string, busy: boolean, onPress: () => void}} props */
function OutcomeButton({ n, outcome, busy, onPress }) {
  const keys = settings.value.shortcuts;
  return html`<button type="button" class=${`button ${outcome === "reached" ? "primary" : ""}`} data-outcome=${outcome}
    aria-keyshortcuts=${keys ? String(n) : undefined} disabled=${busy} onClick=${onPress}>
    ${t(`console.call.outcome.${outcome}`)} ${keys && html`<kbd aria-hidden="true">${n}</kbd>`}</button>`;
}

/** @typedef {{choice: string, at: string, wrong: boolean}} Again */

/** When it is tried again. @param {{again: Again, onPick: (again: Again) => void}} props */
function AgainField({ again, onPick }) {
  /** @param {{currentTarget: HTMLSelectElement}} event */
  const choose = ({ currentTarget: { value } }) => {
    onPick({ ...again, choice: value, wrong: false });
    if (value === "at") focusSoon("#again-at");
  };
  return html`<div class="call-again">
    <label for="again">${t("console.call.again")}</label>
    <select id="again" value=${again.choice} onChange=${choose}>
      <option value="">${t("console.call.again_rule")}</option>
      ${MINUTES.map((n) => html`<option key=${n} value=${n}>${t(`console.call.again_${n}`)}</option>`)}
      <option value="at">${t("console.call.again_at")}</option>
    </select>
    ${again.choice === "at" && html`<label class="hidden" for="again-at">${t("console.call.again_time")}</label>
      <input id="again-at" type="datetime-local" value=${again.at} aria-invalid=${again.wrong}
        aria-describedby=${again.wrong ? "again-error" : undefined}
        onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) =>
          onPick({ ...again, at: event.currentTarget.value, wrong: false })} />`}
    ${again.wrong && html`<p class="field-error" id="again-error" role="alert">${t("console.call.again_missing")}</p>`}
  </div>`;
}

/** That the number is wrong can't be undone. @param {{onYes: () => void, onNo: () => void}} props */
function Sure({ onYes, onNo }) {
  return html`<div class="notice warn call-sure" role="group" aria-labelledby="sure">
    <p id="sure">${t("console.call.sure")}</p>
    <div class="row"><button type="button" class="button" data-act="sure" onClick=${onYes}>
      ${t("console.call.sure_yes")}</button>
    <button type="button" class="button quiet" onClick=${onNo}>${t("console.cancel")}</button></div>
  </div>`;
}

/** @param {{card: Card, callback: Callback}} props */
export function Outcomes({ card, callback }) {
  const [again, setAgain] = useState({ choice: "", at: "", wrong: false });
  const [asks, setAsks] = useState(false);
  const waits = isOpen("attempt", card.contact);

  /** @param {string} outcome */
  const press = (outcome) => () => {
    if (outcome === "wrong_number") {
      setAsks(true);
      return focusSoon('[data-act="sure"]');
    }
    const later = outcome !== "reached" && !isLast(callback);
    if (later && again.choice === "at" && !again.at) {
      setAgain({ ...again, wrong: true });
      return document.getElementById("again-at")?.focus();
    }
    attempt(card, outcome, later ? againAt(again.choice, again.at, serverNow_ms()) : undefined);
  };
  const no = () => {
    setAsks(false);
    focusSoon('[data-outcome="wrong_number"]');
  };
  return html`<div class="outcomes" role="group" aria-label=${t("console.call.outcome")}>
    ${asks && !waits
      ? html`<${Sure} onYes=${() => attempt(card, "wrong_number")} onNo=${no} />`
      : html`<div class="row">${OUTCOMES.map((one, n) => html`<${OutcomeButton} key=${one} n=${n + 1} outcome=${one}
          busy=${waits} onPress=${press(one)} />`)}</div>
        ${isLast(callback)
          ? html`<p class="meta">${t(`console.call.last_try${callback.email ? "_mail" : ""}`)}</p>`
          : html`<${AgainField} again=${again} onPick=${setAgain} />`}`}
    ${waits && html`<p class="meta" role="status">${t(online.value ? "console.call.saving" : "console.call.saved_later")}</p>`}
  </div>`;
}
