// Which part of the city the case is about: as its citizen stated, or chosen here; a postal code that was written suggests it.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { named, t } from "../common/i18n.js";
import * as api from "./api.js";
import { online } from "./model.js";

/** @import {Card, CaseArea} from "./types.js" */

/** @param {{card: Card}} props */
export function AreaPart({ card: { case: number } }) {
  const [told, setTold] = useState(/** @type {CaseArea | null} */ (null));
  const [failed, setFailed] = useState("");
  useEffect(() => {
    let mine = true;
    api.caseArea(number).then((answer) => mine && setTold(answer), () => {});
    return () => { mine = false; };
  }, [number]);
  /** @param {string | null} area */
  const say = async (area) => {
    try {
      setTold(await api.sayArea(number, area));
      setFailed("");
      announce(t(area === null ? "console.area.unsaid" : "console.area.said"));
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  if (!told?.areas.length) return null; // the organisation tells none apart
  const near = told.areas.find((one) => one.key === told.suggested);
  return html`<section class="area-part" aria-labelledby="area-title">
    <h3 id="area-title"><label for="area">${t("console.area.title")}</label></h3>
    ${failed && html`<p class="field-error" role="alert">${failed}</p>`}
    ${near && html`<p><button type="button" class="button small wide" data-act="suggested-area" disabled=${!online.value}
      onClick=${() => say(near.key)}>${t("console.area.suggested", { name: named(near.name, near.key) })}</button></p>`}
    <select id="area" value=${told.area ?? ""} disabled=${!online.value} aria-describedby=${told.by === "citizen" ? "area-by" : undefined}
      onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => say(event.currentTarget.value || null)}>
      <option value="">${t("console.area.none")}</option>
      ${told.areas.map((one) => html`<option key=${one.key} value=${one.key}>${named(one.name, one.key)}</option>`)}
    </select>
    ${told.by === "citizen" && html`<p id="area-by" class="meta">${t("console.area.by_citizen")}</p>`}
  </section>`;
}
