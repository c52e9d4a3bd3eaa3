// What is ahead: how long who comes now would wait, and whether such estimates held today.

import { html } from "htm/preact";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { between } from "./figures.js";
import { queueName, queues } from "./model.js";
import { count, minutes, Nothing, percent } from "./text.js";

/** @import {Line, Queue} from "./types.js" */

const TRIVIAL_S = 60;

/** @param {{line: Line}} props */
export function Band({ line }) {
  const { estimate } = line;
  if (!estimate) return html`<span class="meta">${t("board.ahead.none")}</span>`;
  const high = minutes(estimate.high_s);
  const shared = between(estimate.low_s, estimate.high_s);
  if (shared) return html`<span class="figure">${t(...shared)}</span>`;
  if (estimate.low_s === 0) return html`<span class="figure">${estimate.high_s <= 60 ? minutes(0) : t("board.ahead.up_to", { high })}</span>`;
  return html`<span class="figure">${t("board.ahead.band", { low: minutes(estimate.low_s), high })}</span>`;
}

/** @param {{line: Line}} props */
function Held({ line }) {
  const { estimate_held: held, estimated = 0 } = line;
  return html`${typeof held === "number"
      ? html`<span class="figure">${t("board.ahead.held_of", { share: percent(held), n: count(estimated) })}</span>`
      : html`<${Nothing} />`}
    ${line.estimate_silent && html`<span class="meta"><${Icon} name="alert" /> ${t("board.ahead.silent")}</span>`}`;
}

/** @param {{queue: Queue, line: Line}} props */
function Row({ queue, line }) {
  return html`<tr role="row" data-line=${`${queue.id}/${line.channel}`}>
    <th role="rowheader" scope="row"><span class="queue-name">${queueName(queue)}</span>
      <span class="meta">${t(`channel.${line.channel}`)}</span></th>
    <td role="cell" data-label=${t("board.ahead.wait")}><${Band} line=${line} /></td>
    <td role="cell" data-label=${t("board.ahead.held")}><${Held} line=${line} /></td>
  </tr>`;
}

/** Lines of which somebody can say something, or of which citizens are told nothing though they could
 * be. @param {Line} line */
function isKnown(line) {
  return Boolean(line.estimate) || typeof line.estimate_held === "number";
}

/** Whether somebody might want to act: a wait worth a word, or citizens who are told nothing.
 * @param {Line} line */
function tells(line) {
  return Boolean(line.estimate_silent) || (line.estimate?.high_s ?? 0) > TRIVIAL_S;
}

/** @typedef {{queue: Queue, line: Line}} Of */

/** @param {{rows: Of[]}} props */
function Table({ rows }) {
  return html`<table class="figures ahead-table" role="table">
      <caption class="hidden">${t("board.ahead.caption")}</caption>
      <thead role="rowgroup"><tr role="row">
        <th role="columnheader" scope="col" class="cell-queue">${t("board.column.queue")}</th>
        <th role="columnheader" scope="col">${t("board.ahead.wait")}</th>
        <th role="columnheader" scope="col">${t("board.ahead.held")}</th>
      </tr></thead>
      <tbody role="rowgroup">${rows.map(({ queue, line }) => html`<${Row} key=${`${queue.id}/${line.channel}`} queue=${queue} line=${line} />`)}</tbody>
    </table>`;
}

/** The longest waits first, and the trivial ones folded away; nothing where nothing is known. */
export function Ahead() {
  const all = queues.value.flatMap((queue) => queue.lines.filter(isKnown).map((line) => ({ queue, line })));
  if (!all.length) return null;
  const rows = all.filter(({ line }) => tells(line))
    .sort((a, b) => (b.line.estimate?.high_s ?? 0) - (a.line.estimate?.high_s ?? 0));
  const rest = all.filter(({ line }) => !tells(line));
  return html`<section class="ahead" aria-labelledby="ahead-title">
    <div class="section-head"><h2 id="ahead-title" tabindex="-1">${t("board.ahead")}</h2></div>
    ${rows.length > 0 ? html`<${Table} rows=${rows} />` : html`<p>${t("board.ahead.nowhere")}</p>`}
    ${rest.length > 0 && html`<details class="ahead-rest"><summary>${tn("board.ahead.rest", rest.length, { n: count(rest.length) })}</summary>
      <${Table} rows=${rest} /></details>`}
    <p class="meta legend">${t("board.ahead.lead")}</p>
  </section>`;
}
