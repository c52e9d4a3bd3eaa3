// Figures in the language of the screen.

import { html } from "htm/preact";
import { locale } from "../common/format.js";
import { t } from "../common/i18n.js";
import * as figures from "./figures.js";

/** @import {ServiceLevel} from "./types.js" */

/** @param {import("./figures.js").Text} text */
const said = ([key, params]) => t(key, params);

/** @param {number} n */
export const count = (n) => figures.count(n, locale());
/** @param {number} share */
export const percent = (share) => figures.percent(share, locale());
/** @param {number} seconds */
export const duration = (seconds) => said(figures.duration(seconds));
/** @param {number} seconds */
export const minutes = (seconds) => said(figures.minutes(seconds));
/** @param {number} seconds */
export const target = (seconds) => said(figures.target(seconds));
/** @param {number} ms */
export const ageText = (ms) =>
  ms < 60_000
    ? t("board.time.s", { s: figures.tenths(ms / 1000, locale()) })
    : duration(ms / 1000);

/** How a service level is counted, in words: "within 60 min, abandons counted against".
 * @param {ServiceLevel} level */
export function howCounted({ seconds, way }) {
  return t("board.level.how", { time: target(seconds), way: t(`board.way.${way}`) });
}

/** Where there is no figure: none yet today, or nobody who waits. @param {{nobody?: boolean}} props */
export function Nothing({ nobody = false }) {
  const said = t(nobody ? "board.nobody_waits" : "board.nothing_yet");
  return html`<span class="none"><span aria-hidden="true">–</span><span class="hidden">${said}</span></span>`;
}
