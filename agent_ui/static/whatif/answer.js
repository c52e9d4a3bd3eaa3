// The answer: in a sentence, in figures, in plots, and by half hour.

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../common/i18n.js";
import { clock, day, figure, next, plain, range, seconds, share } from "./numbers.js";
import { draw } from "./plots.js";

const LITTLE = 2; // half hours: so few are hardly a day

/** @import {Answer as Given, Interval, Name, Slot} from "./types.js" */

/** @type {Name[]} */
const NAMES = ["service_level", "asa_s", "abandonment", "occupancy", "waiting"];

/** @param {{name: Name, found: Interval | null, signed?: boolean, label?: string}} given `label`: where it may
 * stand on a card */
function Cell({ name, found, signed = false, label }) {
  const between = range(name, found, signed);
  return html`<td role=${label && "cell"} data-label=${label}>${figure(name, found?.mean, signed)}${between && html`<span class="span">${between}</span>`}</td>`;
}

/** On a narrow screen a figure is a card. @param {{answer: Given}} given */
function Figures({ answer: { counted, before, after, difference } }) {
  const heads = ["figure", ...(counted ? ["counted"] : []), "before", "after", "difference"];
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="figures-title"><table class="list cards" role="table">
    <thead role="rowgroup"><tr role="row">${heads.map((one) => html`<th key=${one} role="columnheader" scope="col">${t(`whatif.${one}`)}</th>`)}</tr></thead>
    <tbody role="rowgroup">${NAMES.map((name) => html`<tr key=${name} role="row"><th role="rowheader" scope="row">${t(`whatif.${name}`)}</th>
      ${counted && html`<td role="cell" data-label=${t("whatif.counted")}>${figure(name, counted[name])}</td>`}
      <${Cell} name=${name} found=${before[name]} label=${t("whatif.before")} /><${Cell} name=${name} found=${after[name]} label=${t("whatif.after")} />
      <${Cell} name=${name} found=${difference[name]} label=${t("whatif.difference")} signed /></tr>`)}</tbody>
  </table></div>`;
}

/** @param {{answer: Given, name: Name}} given */
function Plot({ answer, name }) {
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => (room.current ? draw(room.current, answer, name) : undefined), [answer, name]);
  return html`<section class="plot"><h3>${t(`whatif.${name}`)}</h3>
    <div class="plot-room" ref=${room} role="img" aria-label=${t("whatif.plot", { figure: t(`whatif.${name}`) })}></div>
    <ul class="plot-legend" aria-hidden="true"><li><span class="tint-before"></span>${t("whatif.before")}</li>
      <li><span class="tint-after"></span>${t("whatif.after")}</li>
      ${answer.counted && html`<li><span class="tint-counted"></span>${t("whatif.counted")}</li>`}</ul></section>`;
}

/** @param {{answer: Given, slot: Slot}} given */
function HalfHour({ answer, slot }) {
  return html`<tr><th scope="row">${clock(slot.from, answer.zone)}</th><td>${plain(slot.entered)}</td>
    <td>${slot.foretold === null ? "–" : plain(slot.foretold)}</td><td>${slot.needed ?? "–"}</td>
    <td>${plain(slot.agents.before)}</td><td>${plain(slot.agents.after)}</td>
    <${Cell} name="service_level" found=${slot.before.service_level} /><${Cell} name="service_level" found=${slot.after.service_level} />
    <${Cell} name="asa_s" found=${slot.before.asa_s} /><${Cell} name="asa_s" found=${slot.after.asa_s} /></tr>`;
}

/** @param {{answer: Given}} given */
function HalfHours({ answer }) {
  const heads = ["from", "contacts", "foretold", "needed", "at_work", "at_work_after", "level_before", "level_after", "wait_before", "wait_after"];
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="hours-title"><table class="list">
    <thead><tr>${heads.map((one) => html`<th key=${one} scope="col">${t(`whatif.${one}`)}</th>`)}</tr></thead>
    <tbody>${answer.intervals.map((slot) => html`<${HalfHour} key=${slot.from} answer=${answer} slot=${slot} />`)}</tbody>
  </table></div>`;
}

/** What it rests on. @param {{answer: Given}} given */
function Ground({ answer }) {
  const told = answer.forecast;
  return html`<ul>
    <li>${t(`whatif.when.${answer.when}`)}</li>
    <li>${t("whatif.interval", { n: answer.seeds })}</li>
    ${answer.shifts_of && html`<li>${t("whatif.shifts_of", { day: day(answer.shifts_of) })}</li>`}
    ${told && html`<li>${told.wape === null ? t("whatif.error_unknown") : t("whatif.error", { n: plain(100 * told.wape, 0) })}</li>`}
  </ul>`;
}

/** Whether the target is met, and which that is. @param {{answer: Given}} given */
function Met({ answer: { met, target } }) {
  if (!met || !target) return null;
  const said = { share: share(target.service_level), time: seconds(target.seconds) };
  return html`<p class=${met === "yes" ? "notice good" : "notice"}>${t(`whatif.met.${met}`, said)}</p>`;
}

/** Where little is left of today: what there is, and another day. @param {{answer: Given, ask: (day: string) => void}} given */
function Little({ answer, ask }) {
  if (answer.when !== "today" || answer.intervals.length > LITTLE) return null;
  return html`<p class="notice row"><span class="grow">${t("whatif.little")}</span>
    <button class="button small" type="button" onClick=${() => ask(next(answer.day))}>${t("whatif.tomorrow")}</button></p>`;
}

/** @param {{answer: Given, ask: (day: string) => void}} given `ask`: the same of another day */
export function Answer({ answer, ask }) {
  return html`<h2 id="figures-title" tabindex="-1">${t("whatif.figures_of", { day: day(answer.day) })}</h2>
    <${Met} answer=${answer} /><${Little} answer=${answer} ask=${ask} />
    <${Figures} answer=${answer} />
    ${answer.intervals.length > 0 && html`<div class="plots"><${Plot} answer=${answer} name="service_level" /><${Plot} answer=${answer} name="asa_s" /></div>
    <h2 id="hours-title">${t("whatif.half_hours")}</h2><${HalfHours} answer=${answer} />`}
    <h2>${t("whatif.ground")}</h2><${Ground} answer=${answer} />`;
}
