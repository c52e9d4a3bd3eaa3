// Plots by half hour: as it is, with the change, what was counted, and the bands that hold the mean
// with 95 % confidence. The same numbers stand in the table beside.

import uPlot from "uplot";
import { clock, figure } from "./numbers.js";

/** @import {Answer, Interval, Name, Slot} from "./types.js" */

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

/** @param {Answer} answer @param {Name} name @returns {uPlot.AlignedData} */
export function data(answer, name) {
  const slots = answer.intervals;
  /** @param {(slot: Slot) => number | null | undefined} of */
  const row = (of) => slots.map((slot) => of(slot) ?? null);
  /** @param {(slot: Slot) => Interval | null} of @returns {(number | null)[][]} */
  const sides = (of) => [row((s) => of(s)?.mean), row((s) => of(s)?.low), row((s) => of(s)?.high)];
  return /** @type {uPlot.AlignedData} */ ([
    slots.map((slot) => Date.parse(slot.from) / 1000),
    ...sides((slot) => slot.before[name]),
    ...sides((slot) => slot.after[name]),
    row((slot) => slot.counted?.[name]),
  ]);
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
    scales: { y: { range: (_, __, most) => [0, share ? 1 : Math.max(most || 0, 1) * 1.05] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((at) => clock(new Date(at * 1000).toISOString(), answer.zone)), space: 60 },
      { ...axis, size: 64, values: (_, ticks) => ticks.map((value) => figure(name, value)) },
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
    plot = new uPlot(options(answer, name, room.clientWidth, room.clientHeight), data(answer, name), room);
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
