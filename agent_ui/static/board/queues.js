// The queues and their channels, as a table; on a narrow screen each row is a card.

import { html } from "htm/preact";
import { opening } from "../common/format.js";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Abandoned, Count, Level, Mean, Promises, State, useMoving, Wait } from "./cells.js";
import { choices, choose, toggle } from "./choices.js";
import { now, organisation, organisationName, organisations, pointedAt, queueName, queues, totals } from "./model.js";
import { levelOf, openLine, sums, worst } from "./rules.js";

/** @import {Line, Queue, Sums} from "./types.js" */

const NOW = ["waiting", "longest", "in_hand"];
const TODAY = ["level", "asa", "aht", "abandoned", "promises"];

// The roles say again what the elements are: cards are made by CSS, and that takes their meaning.

/** @param {{name: string, children?: unknown}} props */
function Cell({ name, children }) {
  return html`<td role="cell" class=${`cell cell-${name}`} data-label=${t(`board.column.${name}`)}>${children}</td>`;
}

/** @param {{of: Sums, queue?: Queue, line?: Line}} props */
function Figures({ of, queue, line }) {
  return html`<${Cell} name="waiting"><${Count} n=${of.waiting} /></${Cell}>
    <${Cell} name="longest"><${Wait} from=${of.waitFrom} />${queue && html`<${State} queue=${queue} line=${line} />`}</${Cell}>
    <${Cell} name="in_hand"><${Count} n=${of.in_hand} /></${Cell}>
    <${Cell} name="level"><${Level} level=${of.service_level} lines=${line ? [line] : queue?.lines} /></${Cell}>
    <${Cell} name="asa"><${Mean} of=${of.asa} /></${Cell}>
    <${Cell} name="aht"><${Mean} of=${of.aht} /></${Cell}>
    <${Cell} name="abandoned"><${Abandoned} sums=${of} /></${Cell}>
    <${Cell} name="promises"><${Promises} sums=${of} /></${Cell}>`;
}

/** Open, closed, or taking what comes while nobody answers; till when. @param {{line?: Line}} props */
function Open({ line }) {
  if (!line || line.open === null) return null;
  const { open, opens_at: from } = line;
  const said = from
    ? t(open ? "board.taking" : "board.closed_until", { time: opening(from) })
    : t(open ? "board.open" : "board.closed");
  return html`<span class=${open ? "hours" : "hours hours-closed"}>${said}</span>`;
}

/** @param {{line: Line, queue: Queue}} props */
function Channel({ line, queue }) {
  const level = useMoving(() => levelOf(line, now.value), [line]);
  const alike = queue.lines.every((one) => one.open === line.open);
  return html`<tr role="row" class="channel-row" data-level=${level}>
    <th role="rowheader" scope="row"><span class="hidden">${queueName(queue)}: </span><span class="channel-name"><${Icon} name=${line.channel} />
      ${t(`channel.${line.channel}`)}${!alike && html` <span class="meta"><${Open} line=${line} /></span>`}</span></th>
    <${Figures} of=${sums([line])} queue=${queue} line=${line} />
  </tr>`;
}

/** @param {{queue: Queue}} props */
function Name({ queue }) {
  const { lines } = queue;
  const [first] = lines;
  const folded = !choices.value.unfolded.includes(queue.id);
  const several = organisations.value.length > 1 && !organisation.value;
  return html`${lines.length > 1
      ? html`<button type="button" class="fold" aria-expanded=${!folded} onClick=${() => toggle("unfolded", queue.id)}>
          <${Icon} name="more" /><span>${queueName(queue)}</span></button>`
      : html`<span class="queue-name">${queueName(queue)}</span>`}
    <span class="meta">
      ${several && html`<span>${organisationName(queue.organisation)}</span>`}
      <span>${lines.length > 1 ? tn("board.channels", lines.length) : t(`channel.${first?.channel}`)}</span>
      <${Open} line=${openLine(lines)} />
    </span>`;
}

/** A queue and, unfolded, its channels. @param {{queue: Queue}} props */
function Group({ queue }) {
  const level = useMoving(() => worst(queue, now.value), [queue]);
  const unfolded = queue.lines.length > 1 && choices.value.unfolded.includes(queue.id);
  return html`<tbody role="rowgroup" data-queue=${queue.id}>
    <tr role="row" class="queue-row" data-level=${level}>
      <th role="rowheader" scope="row"><${Name} queue=${queue} /></th>
      <${Figures} of=${sums(queue.lines)} queue=${queue} />
    </tr>
    ${unfolded && queue.lines.map((line) => html`<${Channel} key=${line.channel} line=${line} queue=${queue} />`)}
  </tbody>`;
}

function Head() {
  /** @param {string} name */
  const column = (name) =>
    html`<th role="columnheader" scope="col" class=${`cell-${name}`}>${t(`board.column.${name}`)}</th>`;
  return html`<thead role="rowgroup">
    <tr role="row" class="spans">
      <td role="cell"></td>
      <th role="columnheader" scope="colgroup" colspan=${NOW.length}>${t("board.span.now")}</th>
      <th role="columnheader" scope="colgroup" colspan=${TODAY.length}>${t("board.span.today")}</th>
    </tr>
    <tr role="row"><th role="columnheader" scope="col" class="cell-queue">${t("board.column.queue")}</th>
      ${[...NOW, ...TODAY].map(column)}</tr>
  </thead>`;
}

/** How the service levels are counted, where all are counted alike. */
function Way() {
  const ways = new Set(queues.value.flatMap((queue) => queue.lines.map((line) => line.service_level.way)));
  const said = [...ways].map((way) => t(`board.way.${way}`)).join(" / ");
  return html`<p class="meta legend">${t("board.legend", { way: said })}</p>`;
}

function Order() {
  return html`<label class="choose"><span>${t("board.order")}</span>
    <select value=${choices.value.order}
      onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ { currentTarget: { value } }) =>
        choose({ order: value === "name" ? "name" : "trouble" })}>
      ${["trouble", "name"].map((one) => html`<option key=${one} value=${one}>${t(`board.order.${one}`)}</option>`)}
    </select></label>`;
}

/** Show the channels of all queues, or of none. */
function FoldAll() {
  const ids = queues.value.filter((queue) => queue.lines.length > 1).map((queue) => queue.id);
  if (!ids.length) return null;
  const all = ids.every((id) => choices.value.unfolded.includes(id));
  return html`<button type="button" class="button small" aria-pressed=${all}
    onClick=${() => choose({ unfolded: all ? [] : ids })}>${t("board.all_channels")}</button>`;
}

/** The table of queues. */
export function Queues() {
  const all = queues.value;
  /** @param {FocusEvent} event */
  const left = ({ currentTarget, relatedTarget }) => {
    const inside = /** @type {Element} */ (currentTarget).contains(/** @type {Node | null} */ (relatedTarget));
    if (!inside) pointedAt.value = false;
  };
  return html`<section class="queues" aria-labelledby="queues-title">
    <div class="section-head">
      <h2 id="queues-title" tabindex="-1">${t("board.queues")}</h2>
      <${Order} /><${FoldAll} />
    </div>
    ${all.length === 0 ? html`<p class="empty">${t("board.no_queues")}</p>` : html`
    <table class="figures" role="table" onPointerEnter=${() => (pointedAt.value = true)}
      onPointerLeave=${() => (pointedAt.value = false)} onFocusIn=${() => (pointedAt.value = true)} onFocusOut=${left}>
      <caption class="hidden">${t("board.caption")}</caption>
      <${Head} />
      ${all.map((queue) => html`<${Group} key=${queue.id} queue=${queue} />`)}
      ${all.length > 1 && html`<tfoot role="rowgroup"><tr role="row" class="total-row">
        <th role="rowheader" scope="row">${t("board.total")}</th><${Figures} of=${totals.value} />
      </tr></tfoot>`}
    </table>
    <${Way} />`}
  </section>`;
}
