// Which service the case is about: suggested from what was written, confirmed by one key.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { named, t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import * as api from "./api.js";
import { online } from "./model.js";

/** @import {Card, CaseService, Service} from "./types.js" */

/** The keys of the first suggestions (shortcuts.js). */
const KEYS = ["5", "6", "7"];

/** @param {{one: Service, at: number, say: (service: number) => void}} props */
function Suggestion({ one, at, say }) {
  const key = settings.value.shortcuts ? KEYS[at] : undefined;
  return html`<li><button type="button" class="button small wide" data-service=${at + 1} disabled=${!online.value}
    aria-keyshortcuts=${key} onClick=${() => say(one.id)}>${named(one.name, "")}
    ${key && html` <kbd aria-hidden="true">${key}</kbd>`}</button></li>`;
}

/** @param {{card: Card}} props */
export function ServicePart({ card: { case: number } }) {
  const [told, setTold] = useState(/** @type {CaseService | null} */ (null));
  const [find, setFind] = useState("");
  const [failed, setFailed] = useState("");
  /** @param {Promise<CaseService>} asked */
  const take = (asked) =>
    asked.then(
      (answer) => { setTold(answer); setFailed(""); return true; },
      (error) => { setFailed(error instanceof Error ? error.message : String(error)); return false; },
    );
  useEffect(() => {
    let mine = true;
    api.caseService(number, "").then((answer) => mine && setTold(answer), () => {});
    return () => { mine = false; };
  }, [number]);
  /** @param {number | null} service */
  const say = async (service) => {
    if (!(await take(api.sayService(number, service)))) return;
    setFind("");
    announce(t(service === null ? "console.service.unsaid" : "console.service.said"));
  };
  /** @param {SubmitEvent} event */
  const search = (event) => {
    event.preventDefault();
    take(api.caseService(number, find.trim()));
  };
  if (!told && !failed) return null;
  return html`<section class="service-part" aria-labelledby="service-title">
    <h3 id="service-title">${t("console.service.title")}</h3>
    ${failed && html`<p class="field-error" role="alert">${failed}</p>`}
    ${told?.service
      ? html`<p class="case-service">${named(told.service.name, "")}${told.service.removed && html` <span class="meta">(${t("services.state.removed")})</span>`}</p>
        <button type="button" class="button small" data-act="unsay-service" disabled=${!online.value} onClick=${() => say(null)}>${t("console.service.change")}</button>`
      : html`${told && told.suggested.length > 0
          ? html`<ul class="plain stack">${told.suggested.map((one, at) => html`<${Suggestion} key=${one.id} one=${one} at=${at} say=${say} />`)}</ul>`
          : html`<p role="status">${t("console.service.none")}</p>`}
        <form role="search" onSubmit=${search}>
          <label for="service-find">${t("console.service.find")}</label>
          <input id="service-find" type="search" maxlength="100" autocomplete="off" value=${find}
            onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setFind(event.currentTarget.value)} />
          <button class="button small">${t("console.service.search")}</button>
        </form>`}
  </section>`;
}
