// The end of a contact: what came of it, and whether the matter is settled.

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { named, t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import { canWrite } from "./channels.js";
import { decidedElsewhere } from "./deciding.js";
import { close, wrapUp } from "./desk.js";
import { draftOf, isBegun } from "./drafts.js";
import { finishing, info, isAsked, online, persons, state } from "./model.js";
import { KEY, ReasonPart, remember } from "./reason_part.js";
import { waitingSince } from "./timeline_data.js";

/** @import {Card, Said} from "./types.js" */

const RADIOS_UP_TO = 8;

/** The outcomes of the organisation whose queue the contact is in. @param {Card} card */
function choices(card) {
  const organisation = info.value?.queues.find((one) => one.key === card.queue)?.organisation;
  const all = info.value?.dispositions ?? [];
  return all.filter((one) => !organisation || one.organisation === organisation);
}

/** @param {{all: ReturnType<typeof choices>, value: string, onPick: (key: string) => void, wrong: boolean}} props */
function Outcome({ all, value, onPick, wrong }) {
  /** @param {{currentTarget: HTMLInputElement | HTMLSelectElement}} event */
  const picked = (event) => onPick(event.currentTarget.value);
  const described = wrong ? "outcome-error" : undefined;
  if (all.length > RADIOS_UP_TO) {
    return html`<div class="field"><label for="outcome">${t("console.wrap_up.outcome")}</label>
      <select id="outcome" value=${value} onChange=${picked} aria-describedby=${described} aria-invalid=${wrong}>
        <option value="">${t("console.choose")}</option>
        ${all.map((one) => html`<option key=${one.key} value=${one.key}>${named(one.name, one.key)}</option>`)}
      </select></div>`;
  }
  return html`<fieldset class="choices" aria-describedby=${described}>
    <legend>${t("console.wrap_up.outcome")}</legend>
    ${all.map((one) => html`<label key=${one.key} class="choice"><input type="radio" name="outcome" value=${one.key}
      checked=${value === one.key} onChange=${picked} />${named(one.name, one.key)}</label>`)}
  </fieldset>`;
}

/** @param {{card: Card}} props */
export function WrapUp({ card }) {
  const [outcome, setOutcome] = useState("");
  const [picked, setPicked] = useState(/** @type {boolean | null} */ (null));
  // Where the citizen has the last word, the matter is hardly settled: the agent says so, not we.
  const unanswered = canWrite(card) && waitingSince(state.value.timelines[card.case]) !== null;
  const reached = card.callback?.outcome !== "wrong_number";
  const decides = !decidedElsewhere(card);
  const resolves = decides && (picked ?? (card.case_state !== "resolved" && !unanswered && reached));
  const [wrong, setWrong] = useState(false);
  const [said, setSaid] = useState(/** @type {Said} */ ({ reason: "", mark: "" }));
  const form = /** @type {{current: HTMLFormElement | null}} */ (useRef(null));
  const ended = card.state === "wrap_up";
  const chat = card.channel === "chat" ? "_chat" : "";
  const busy = !online.value || isAsked("wrap_up", card.contact) || isAsked("close", card.contact);
  const draft = draftOf(card.contact);
  const focusFirst = () => {
    /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("input, select"))?.focus();
  };
  useEffect(() => {
    if (finishing.value === card.contact) focusFirst();
  }, []);

  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    setWrong(!outcome);
    if (!outcome) return focusFirst();
    if (said.reason) remember(card, said.reason);
    wrapUp(card, outcome, resolves, said);
  };
  /** The shortcut, while the outcome is chosen: single keys rest in fields. @param {KeyboardEvent} event */
  const keyed = (event) => {
    const on = event.target instanceof HTMLInputElement && ["radio", "checkbox"].includes(event.target.type);
    if (!on || event.key !== KEY || !settings.value.shortcuts || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector('[data-act="confirm-reason"]'))?.click();
  };
  const cancel = () => {
    finishing.value = null;
    document.getElementById("case-title")?.focus();
  };

  return html`<form class="wrap-up" ref=${form} onSubmit=${submit} onKeyDown=${keyed} aria-labelledby="wrap-up-title">
    <h3 id="wrap-up-title">${t("console.wrap_up.title")}</h3>
    ${(isBegun(draft) || draft.note.trim()) && html`<p class="notice warn">${t("console.wrap_up.unsent")}</p>`}
    ${persons.value[card.contact] && html`<p class="notice warn">${t("console.wrap_up.person_unsaved")}</p>`}
    ${unanswered && html`<p class="notice warn">${t("console.wrap_up.unanswered")}</p>`}
    <${Outcome} all=${choices(card)} value=${outcome} wrong=${wrong}
      onPick=${(/** @type {string} */ key) => { setOutcome(key); setWrong(false); }} />
    ${wrong && html`<p class="field-error" id="outcome-error" role="alert">${t("console.wrap_up.outcome_missing")}</p>`}
    ${decides && card.case_state !== "resolved" && html`<label class="choice"><input type="checkbox" checked=${resolves}
      onChange=${() => setPicked(!resolves)} />${t("console.wrap_up.resolve")}</label>`}
    ${chat && !ended && html`<p class="meta" id="ends-chat">${t("console.wrap_up.ends_chat")}</p>`}
    <${ReasonPart} card=${card} said=${said} say=${setSaid} />
    <div class="stack">
      <button type="submit" class="button primary wide" data-act="wrap-up" disabled=${busy}
        aria-describedby=${chat && !ended ? "ends-chat" : undefined}>
        ${t("console.wrap_up.done")}</button>
      ${!ended && html`<button type="button" class="button wide" data-act="close" disabled=${busy}
          aria-describedby="close-hint" onClick=${() => close(card.contact)}>${t(`console.wrap_up.later${chat}`)}</button>
        <p class="meta" id="close-hint">${t(`console.wrap_up.later_hint${canWrite(card) ? chat : "_hand"}`)}</p>
        <button type="button" class="button quiet wide" onClick=${cancel}>${t("console.cancel")}</button>`}
    </div>
  </form>`;
}
