// How a person can be reached, how surely it is theirs, and who may not see it.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { t } from "../common/i18n.js";
import * as api from "./api.js";
import { online } from "./model.js";

/** @import {Identity, Known} from "./types.js" */

/** @typedef {(act: () => Promise<unknown>, done: string, changes?: boolean) => Promise<void>} After */

/** @param {{one: Identity}} props */
function Address({ one }) {
  return html`<li><span class="address">${one.shown ?? t(`console.known.kind.${one.kind}`)}</span>
    <span class="meta"> ${t(`console.known.strength.${one.strength}`)}</span></li>`;
}

/** For who may: read them, for a reason that is noted. @param {{known: Known, shown: (found: Identity[]) => void, after: After}} props */
function Reveal({ known, shown, after }) {
  const [reason, setReason] = useState("");
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (reason.trim()) after(async () => shown(await api.revealPerson(known.person, reason)), "console.known.revealed", false);
  };
  return html`<form onSubmit=${submit}>
    <div class="field"><label for="reveal-reason">${t("console.known.reason")}</label>
      <input id="reveal-reason" required maxlength="200" autocomplete="off" value=${reason}
        onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setReason(event.currentTarget.value)} /></div>
    <button type="submit" class="button small" data-act="reveal" disabled=${!online.value}>${t("console.known.reveal")}</button>
  </form>`;
}

/** @param {{known: Known, after: After}} props */
export function KnownAddresses({ known, after }) {
  const [revealed, setRevealed] = useState(/** @type {Identity[] | null} */ (null));
  const seen = (known.protected && revealed) || known.identities;
  const turn = () => {
    setRevealed(null);
    after(() => api.protectPerson(known.person, !known.protected), `console.known.${known.protected ? "opened" : "hidden"}`);
  };
  return html`<h4>${t("console.known.addresses")}</h4>
    ${known.protected && html`<p class="notice warn">${t("console.known.is_protected")}</p>`}
    ${seen.length === 0
      ? html`<p>${t("console.known.no_address")}</p>`
      : html`<ul class="plain why-list">${seen.map((one, n) => html`<${Address} key=${one.address ?? n} one=${one} />`)}</ul>`}
    ${known.may_reveal && !revealed && html`<${Reveal} known=${known} shown=${setRevealed} after=${after} />`}
    ${(!known.protected || known.may_reveal) && html`<button type="button" class="button quiet small" data-act="protect"
      disabled=${!online.value} onClick=${turn}>${t(`console.known.${known.protected ? "open" : "hide"}`)}</button>`}`;
}
