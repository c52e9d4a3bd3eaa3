// The whole centre at one glance.

import { html } from "htm/preact";
import { named, t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { onDuty } from "./agents.js";
import { Wait } from "./cells.js";
import { over, queueName, queues, totals, wall } from "./model.js";
import { lowest } from "./rules.js";
import { count, howCounted, Nothing, percent, target } from "./text.js";

/** @import {ServiceLevel} from "./types.js" */

/** @param {{name: string, look?: string, children: unknown}} props */
function Tile({ name, look = "", children }) {
  return html`<div class=${`tile tile-${name} ${look}`}><dt>${t(`board.tile.${name}`)}</dt><dd>${children}</dd></div>`;
}

/** Names as long as they fit, and how many more. @param {string[]} names @param {number} most */
function some(names, most) {
  const more = names.length - most;
  return names.slice(0, most).join(", ") + (more > 0 ? ` ${t("board.more", { n: count(more) })}` : "");
}

/** The service level of all, or the lowest where they can't be added up.
 * @param {{level: ServiceLevel | null}} props */
function Level({ level }) {
  const line = level ? undefined : lowest(queues.value.flatMap((queue) => queue.lines));
  const shown = level ?? line?.service_level;
  if (!shown) return null;
  // In sight what fits; how abandons count stands below the table, and is read out here.
  const said = line
    ? html`${named(line.name, line.queue)}, ${t(`channel.${line.channel}`)}:${" "}
        ${t("board.level.within", { time: target(shown.seconds) })}<span class="hidden">, ${t(`board.way.${shown.way}`)}</span>`
    : howCounted(shown);
  return html`<${Tile} name=${line ? "lowest" : "level"}>
    ${shown.value === null ? html`<${Nothing} />` : html`<span class="figure">${percent(shown.value)}</span>`}
    <span class="meta">${said}</span></${Tile}>`;
}

/** The tiles. */
export function Pulse() {
  const sums = totals.value;
  const { there, free } = onDuty.value;
  const bad = over.value;
  const busy = queues.value.filter((queue) => queue.lines.some((line) => line.waiting > 0)).length;
  const longest = queues.value.find((queue) => queue.lines.some((line) => line.waitFrom !== null && line.waitFrom === sums.waitFrom));
  const short = sums.short_abandoned;
  return html`<dl class="pulse">
    <${Tile} name="over" look=${bad.length ? "tile-bad" : "tile-good"}>
      <span class="figure"><${Icon} name=${bad.length ? "alert" : "check"} />${bad.length ? count(bad.length) : t("board.none")}</span>
      ${bad.length > 0 && html`<span class="meta">${some(bad.map(queueName), 2)}</span>`}
    </${Tile}>
    <${Tile} name="waiting">
      <span class="figure">${count(sums.waiting)}</span>
      ${busy > 0 && html`<span class="meta">${tn("board.in_queues", busy, { n: count(busy) })}</span>`}
    </${Tile}>
    <${Tile} name="longest">
      <${Wait} from=${sums.waitFrom} />
      ${longest && html`<span class="meta">${queueName(longest)}</span>`}
    </${Tile}>
    <${Level} level=${sums.service_level} />
    ${!wall.value && html`<${Tile} name="abandoned">
      <span class="figure">${count(sums.abandoned)}</span>
      ${short > 0 && html`<span class="meta">${tn("board.and_short", short, { n: count(short) })}</span>`}
    </${Tile}>`}
    <${Tile} name="free" look=${there.length || !sums.waiting ? "" : "tile-bad"}>
      <span class="figure">${count(free.length)}</span>
      <span class="meta">${there.length ? tn("board.of_duty", there.length, { n: count(there.length) }) : t("board.nobody")}</span>
    </${Tile}>
  </dl>`;
}
