// Who else is this person: said by the agent, for a reason, and taken back as easily.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { dateTime } from "../common/format.js";
import { t } from "../common/i18n.js";
import * as api from "./api.js";
import { online } from "./model.js";

/** @import {Known, Merge, Proposal} from "./types.js" */
/** @import {After} from "./person_addresses.js" */

const CHECKS = ["document", "answers"];

/** @param {string[]} grounds */
function reasons(grounds) {
  return grounds.map((one) => t(`console.same.ground.${one}`)).join(" ");
}

/** @param {{one: Merge, after: After}} props */
function Merged({ one, after }) {
  return html`<li><strong>${one.name || t("console.person.unknown")}</strong>
    <span class="meta"> ${t("console.same.said", { by: one.by ?? t("console.person.unknown"), time: dateTime(one.at) })}</span>
    <br />${reasons(one.grounds)} ${one.checked ? t(`console.same.checked.${one.checked}`) : ""}
    <br /><button type="button" class="button quiet small" data-act="undo-merge" disabled=${!online.value}
      onClick=${() => after(() => api.undoMerge(one.merge), "console.same.undone")}>${t("console.same.undo")}</button></li>`;
}

/** @param {{known: Known, one: Proposal, after: After, done: () => void}} props */
function Proposed({ known, one, after, done }) {
  const [checked, setChecked] = useState("");
  const id = `checked-${one.person}`;
  const merge = () => after(async () => {
    await api.mergePersons(known.person, one.person, checked || null);
    done();
  }, "console.same.merged");
  return html`<li>
    <strong>${one.name || t("console.person.unknown")}</strong>${one.addresses?.map((each) => html` <span key=${each.address} class="address">${each.address}</span>`)}
    ${one.grounds && html`<br />${reasons(one.grounds)}`}
    ${!one.enough && html`<p class="meta">${t("console.same.weak")}</p>`}
    <div class="field"><label for=${id}>${t("console.same.how")}</label>
      <select id=${id} value=${checked} onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => setChecked(event.currentTarget.value)}>
        <option value="">${t("console.same.not_checked")}</option>
        ${CHECKS.map((each) => html`<option key=${each} value=${each}>${t(`console.same.checked.${each}`)}</option>`)}
      </select></div>
    <button type="button" class="button small" data-act="merge" disabled=${!online.value || !(one.enough || checked)}
      onClick=${merge}>${t("console.same.merge")}</button>
  </li>`;
}

/** @param {{known: Known, after: After}} props */
export function SamePerson({ known, after }) {
  const [found, setFound] = useState(/** @type {Proposal[] | null} */ (null));
  const [address, setAddress] = useState("");
  /** @param {() => Promise<Proposal[]>} ask */
  const look = (ask) => after(async () => setFound(await ask()), "console.same.looked", false);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (address.trim()) look(() => api.findPersons(address));
  };
  const others = (found ?? []).filter((one) => one.person !== known.person);
  return html`<h4>${t("console.same.title")}</h4>
    ${known.merges.length > 0 && html`<ul class="plain why-list">${known.merges.map((one) => html`<${Merged} key=${one.merge} one=${one} after=${after} />`)}</ul>`}
    <button type="button" class="button small" data-act="proposals" disabled=${!online.value}
      onClick=${() => look(() => api.proposals(known.person))}>${t("console.same.look")}</button>
    <form onSubmit=${submit}>
      <div class="field"><label for="same-address">${t("console.same.address")}</label>
        <input id="same-address" maxlength="300" autocomplete="off" value=${address}
          onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setAddress(event.currentTarget.value)} /></div>
      <button type="submit" class="button quiet small" data-act="find-person" disabled=${!online.value}>${t("console.same.find")}</button>
    </form>
    ${found && (others.length
      ? html`<ul class="plain why-list">${others.map((one) => html`<${Proposed} key=${one.person} known=${known} one=${one} after=${after} done=${() => setFound(null)} />`)}</ul>`
      : html`<p>${t("console.same.nobody")}</p>`)}`;
}
