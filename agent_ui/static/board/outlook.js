// Will we make it today? What is expected of each open queue until it closes.

import { html } from "htm/preact";
import { clockTime } from "../common/format.js";
import { t } from "../common/i18n.js";
import { board, queueName, queues } from "./model.js";
import { count } from "./text.js";

/** @import {Outlook as One, Queue, Span} from "./types.js" */

/** @param {number} n */
const whole = (n) => count(Math.round(n));

/** @param {{of: Span}} props */
function About({ of }) {
  const { mean, low, high } = of;
  const sure = low === null || high === null || Math.round(low) === Math.round(high);
  const params = { mean: whole(mean), low: whole(Math.max(0, low ?? mean)), high: whole(high ?? mean) };
  return html`<span class=${Math.round(mean) ? "figure" : "figure zero"}>${sure ? params.mean : t("board.today.about", params)}</span>`;
}

/** @param {{of: One}} props */
function OneMore({ of }) {
  if (!of.one_more) return html`<span class="meta">${t("board.today.not_played")}</span>`;
  const late = Math.round(of.one_more.late.mean), backlog = Math.round(of.one_more.backlog.mean);
  if (late <= 0 && backlog <= 0) return html`<span class="meta">${t("board.today.no_fewer")}</span>`;
  return html`<span>${t("board.today.fewer", { late: count(Math.max(0, late)), backlog: count(Math.max(0, backlog)) })}</span>`;
}

/** @param {{queue: Queue, of: One}} props */
function Row({ queue, of }) {
  return html`<tr role="row" data-outlook=${queue.id}>
    <th role="rowheader" scope="row"><span class="queue-name">${queueName(queue)}</span></th>
    <td role="cell" data-label=${t("board.today.closes")}>${clockTime(of.closes_at)}</td>
    ${of.late && of.backlog
      ? html`<td role="cell" data-label=${t("board.today.late")}><${About} of=${of.late} /></td>
        <td role="cell" data-label=${t("board.today.backlog")}><${About} of=${of.backlog} /></td>
        <td role="cell" data-label=${t("board.today.one_more")}><${OneMore} of=${of} /></td>`
      : html`<td role="cell" colspan="3" data-label=${t("board.today.late")}><span class="meta">${t("board.today.unknown")}</span></td>`}
  </tr>`;
}

/** The table; nothing where nothing is open or nobody at work. */
export function Outlook() {
  const known = new Map(board.value.outlook.map((one) => [`${one.organisation}/${one.queue}`, one]));
  const rows = queues.value.flatMap((queue) => {
    const of = known.get(queue.id);
    return of ? [{ queue, of }] : [];
  });
  if (!rows.length) return null;
  const columns = ["closes", "late", "backlog", "one_more"];
  return html`<section class="ahead" aria-labelledby="outlook-title">
    <div class="section-head"><h2 id="outlook-title" tabindex="-1">${t("board.today")}</h2></div>
    <table class="figures ahead-table" role="table">
      <caption class="hidden">${t("board.today.caption")}</caption>
      <thead role="rowgroup"><tr role="row">
        <th role="columnheader" scope="col" class="cell-queue">${t("board.column.queue")}</th>
        ${columns.map((one) => html`<th key=${one} role="columnheader" scope="col">${t(`board.today.${one}`)}</th>`)}
      </tr></thead>
      <tbody role="rowgroup">${rows.map(({ queue, of }) => html`<${Row} key=${queue.id} queue=${queue} of=${of} />`)}</tbody>
    </table>
    <p class="meta legend">${t("board.today.lead")}</p>
  </section>`;
}
