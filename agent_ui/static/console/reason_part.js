// Why the person turned to us, and whether that could have been avoided: proposed, confirmed by one
// key, chosen, or left out.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { named, t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import * as api from "./api.js";
import { info } from "./model.js";

/** @import {Card, Proposed, Reason, Said} from "./types.js" */

export const KEY = "8"; // shortcuts.js
const MARKS = ["chasing", "unclear", "missing", "wrong_place", "unsolved"]; // what could have avoided it
const KEPT = "contactcenter.reasons"; // {organisation: [keys], the last one first}
const RECENT = 3;

/** @returns {Record<string, string[]>} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

/** The reasons of the organisation whose queue the contact is in. @param {Card} card */
function reasonsOf(card) {
  const organisation = info.value?.queues.find((one) => one.key === card.queue)?.organisation ?? "";
  const all = (info.value?.reasons ?? []).filter((one) => one.organisation === organisation);
  const last = kept()[organisation];
  const recent = (Array.isArray(last) ? last : []).flatMap((key) => all.filter((one) => one.key === key));
  return { organisation, all, recent };
}

/** Stands first from now on. @param {Card} card @param {string} reason */
export function remember(card, reason) {
  const { organisation, recent } = reasonsOf(card);
  const keys = [reason, ...recent.map((one) => one.key).filter((key) => key !== reason)].slice(0, RECENT);
  localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [organisation]: keys }));
}

/** @param {{all: Reason[]}} props */
const Options = ({ all }) => all.map((one) => html`<option key=${one.key} value=${one.key}>${named(one.name, one.key)}</option>`);

/** @param {{card: Card, said: Said, say: (said: Said) => void}} props */
export function ReasonPart({ card, said, say }) {
  const [proposed, setProposed] = useState(/** @type {Proposed | null} */ (null));
  useEffect(() => {
    let mine = true;
    api.proposedReason(card.contact).then((answer) => mine && setProposed(answer), () => {});
    return () => { mine = false; };
  }, [card.contact]);
  const { all, recent } = reasonsOf(card);
  if (!all.length) return null;
  const first = all.find((one) => one.key === proposed?.reason) ?? recent[0];
  const what = [first && named(first.name, first.key), proposed && t(`mark.${proposed.mark}`)].filter(Boolean).join(", ");
  const key = settings.value.shortcuts ? KEY : undefined;
  const confirm = () => {
    say({ reason: first?.key ?? said.reason, mark: proposed?.mark ?? said.mark });
    announce(t("console.reason.confirmed", { what }));
  };
  /** @param {"reason" | "mark"} field */
  const picked = (field) => (/** @type {{currentTarget: HTMLSelectElement}} */ event) =>
    say({ ...said, [field]: event.currentTarget.value });
  return html`<div class="reason-part" role="group" aria-label=${t("console.reason.title")}>
    ${proposed?.repeat && html`<p class="chip chip-new">${t("console.reason.repeat")}</p>`}
    ${what && html`<button type="button" class="button small wide" data-act="confirm-reason" aria-keyshortcuts=${key} onClick=${confirm}>
      <span class="meta">${t("console.reason.confirm")}</span> ${what} ${key && html`<kbd aria-hidden="true">${key}</kbd>`}</button>`}
    <div class="field"><label for="reason">${t("console.reason.title")}</label>
      <select id="reason" value=${said.reason} onChange=${picked("reason")} aria-describedby="reason-hint">
        <option value="">${t("console.reason.unsaid")}</option>
        ${recent.length > 0 && html`<optgroup label=${t("console.reason.recent")}><${Options} all=${recent} /></optgroup>`}
        <optgroup label=${t("console.reason.all")}><${Options} all=${all.filter((one) => !recent.includes(one))} /></optgroup>
      </select></div>
    <div class="field"><label for="mark">${t("console.reason.mark")}</label>
      <select id="mark" value=${said.mark} onChange=${picked("mark")} aria-describedby="reason-hint">
        <option value="">${t("console.reason.unsaid")}</option>
        <option value="value">${t("mark.value")}</option>
        <optgroup label=${t("mark.avoidable")}>
          ${MARKS.map((one) => html`<option key=${one} value=${one}>${t(`mark.${one}`)}</option>`)}
        </optgroup>
      </select></div>
    <p class="meta" id="reason-hint">${t("console.reason.optional")}</p>
  </div>`;
}
