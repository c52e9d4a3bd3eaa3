// Plots by half hour: as it is, with the change, what was counted, and the bands that hold the mean
// with 95 % confidence. The same numbers stand in the table beside.

import uPlot from "uplot";
import { clock, figure } from "./numbers.js";
import { reach, series } from "./series.js";

/** @import {Answer, Name} from "./types.js" */

const SHARES = [0.1, 0.2, 0.25, 0.5, 1];
const WAITS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400];

/** A colour of the page as the canvas takes it. @param {string} tint */
function colour(tint, alpha = 1) {
  const probe = document.createElement("span");
  probe.className = tint;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  const parts = found.match(/[\d.]+/g) ?? ["0", "0", "0"];
  return `rgb(${parts.slice(0, 3).join(" ")} / ${alpha})`;
}

/** As wide as the longest of its labels. The second time round it stays, so that it settles.
 * @param {uPlot} plot @param {string[]} values @param {number} index @param {number} cycle */
function wide(plot, values, index, cycle) {
  const axis = /** @type {uPlot.Axis & {_size: number}} */ (plot.axes[index]);
  if (cycle > 1) return axis._size;
  const font = /** @type {unknown} */ (axis.font);
  plot.ctx.font = /** @type {string[]} */ (font)[0] ?? plot.ctx.font;
  const widths = (values ?? []).map((text) => plot.ctx.measureText(text).width / devicePixelRatio);
  return Math.ceil(Math.max(0, ...widths) + (axis.ticks?.size ?? 0) + (axis.gap ?? 0) + 2);
}

/** @param {Answer} answer @param {Name} name @param {number} width @param {number} height @returns {uPlot.Options} */
function options(answer, name, width, height) {
  const [before, after, counted] = ["tint-before", "tint-after", "tint-counted"].map((one) => colour(one));
  const axis = { stroke: before, grid: { stroke: colour("tint-line") }, ticks: { stroke: colour("tint-line") } };
  const edge = { stroke: "transparent", width: 0, points: { show: false } };
  const share = name === "service_level";
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { range: () => reach(answer) }, y: { range: (_, __, most) => [0, share ? 1 : Math.max(most || 0, 1) * 1.05] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((at) => clock(new Date(at * 1000).toISOString(), answer.zone)), space: 60 },
      { ...axis, size: wide, incrs: share ? SHARES : WAITS_S, values: (_, ticks) => ticks.map((value) => figure(name, value)) },
    ],
    series: [
      {},
      { stroke: before, width: 2, dash: [8, 5], points: { show: false } }, edge, edge,
      { stroke: after, width: 3, points: { show: false } }, edge, edge,
      { stroke: counted, width: 2, dash: [2, 3], points: { show: false } },
    ],
    bands: [
      { series: [3, 2], fill: colour("tint-before", 0.18) },
      { series: [6, 5], fill: colour("tint-after", 0.22) },
    ],
  };
}

/** Draw into a room, and anew when its width or the theme changes. Returns what takes it away.
 * @param {HTMLElement} room @param {Answer} answer @param {Name} name */
export function draw(room, answer, name) {
  /** @type {uPlot | null} */
  let plot = null;
  const again = () => {
    plot?.destroy();
    plot = new uPlot(options(answer, name, room.clientWidth, room.clientHeight), /** @type {uPlot.AlignedData} */ (series(answer, name)), room);
  };
  const width = new ResizeObserver(again);
  const theme = new MutationObserver(again);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  width.observe(room);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  dark.addEventListener("change", again);
  return () => {
    width.disconnect();
    theme.disconnect();
    dark.removeEventListener("change", again);
    plot?.destroy();
  };
}
