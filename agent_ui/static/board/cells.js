// One figure each, as it stands in the table, on a tile or on the wall.

import { computed } from "@preact/signals";
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { now } from "./model.js";
import { levelOf, lowest, NEAR, OVER, worstLine } from "./rules.js";
import { count, duration, Nothing, percent, target } from "./text.js";

/** @import {Line, Queue, ServiceLevel} from "./types.js" */

/** What changes with time, drawn again only where it comes out differently.
 * @template T @param {() => T} of @param {unknown[]} on */
export function useMoving(of, on) {
  return useMemo(() => computed(of), on);
}

/** A wait that runs on between frames. @param {{from: number | null}} props */
export function Wait({ from }) {
  const text = useMoving(() => duration((now.value - (from ?? now.value)) / 1000), [from]);
  return from === null ? html`<${Nothing} nobody=${true} />` : html`<span class="figure">${text}</span>`;
}

/** Over the target, or soon: a sign and words. @param {{queue: Queue, line?: Line}} props */
export function State({ queue, line }) {
  const one = useMoving(() => line ?? worstLine(queue, now.value), [queue, line]).value;
  const level = useMoving(() => levelOf(one, now.value), [one]).value;
  if (level < NEAR) return null;
  const time = target(one.service_level.seconds);
  const said = t(level === OVER ? "board.state.over" : "board.state.near", { time });
  const which = !line && queue.lines.length > 1 ? `${t(`channel.${one.channel}`)}:` : "";
  return html`<span class=${`state state-${level === OVER ? "over" : "near"}`}>
    <span><${Icon} name=${level === OVER ? "alert" : "clock"} />${which || said}</span>${which && html` <span>${said}</span>`}</span>`;
}

/** A service level with its time; where the channels' can't be added up, the lowest of them.
 * @param {{level: ServiceLevel | null, lines?: Line[]}} props */
export function Level({ level, lines = [] }) {
  const line = level ? undefined : lowest(lines);
  const shown = level ?? line?.service_level;
  if (!shown) return html`<span class="meta">${t("board.level.differ")}</span>`;
  if (shown.value === null) return html`<${Nothing} />`;
  const time = target(shown.seconds);
  return html`<span class="figure">${percent(shown.value)}</span>
    <span class=${line ? "meta" : "meta within"}>${line
      ? t("board.level.lowest", { channel: t(`channel.${line.channel}`), time })
      : t("board.level.within", { time })}<span class="hidden">, ${t(`board.way.${shown.way}`)}</span></span>`;
}

/** @param {{of: {value: number | null} | null}} props seconds; null: what may not be added up */
export function Mean({ of }) {
  if (!of) return html`<span class="meta">${t("board.by_channel")}</span>`;
  return of.value === null ? html`<${Nothing} />` : html`<span class="figure">${duration(of.value)}</span>`;
}

/** @param {{sums: {abandoned: number, short_abandoned: number}}} props */
export function Abandoned({ sums }) {
  const { abandoned, short_abandoned: short } = sums;
  return html`<${Count} n=${abandoned} />${short > 0 && html`<span class="of" aria-hidden="true"> + ${count(short)}</span>
    <span class="hidden">, ${tn("board.short", short, { n: count(short) })}</span>`}`;
}

/** @param {{sums: {promises: number, kept: number}}} props */
export function Promises({ sums: { promises, kept } }) {
  if (!promises) return html`<${Nothing} />`;
  return html`<span class="figure" aria-hidden="true">${count(kept)}<span class="of"> / ${count(promises)}</span></span>
    <span class="hidden">${t("board.promises.said", { kept: count(kept), promises: count(promises) })}</span>`;
}

/** A count; none is quieter than some. @param {{n: number}} props */
export function Count({ n }) {
  return html`<span class=${n ? "figure" : "figure zero"}>${count(n)}</span>`;
}
