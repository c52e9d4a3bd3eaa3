// The board on a wall: large, read from five metres, pressed by nobody.

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Band } from "./ahead.js";
import { Age, Banner, Today } from "./age_line.js";
import { counts, stateName } from "./agents.js";
import { Level, State, useMoving, Wait } from "./cells.js";
import { Gaps } from "./gaps.js";
import { now, organisation, organisationName, queueName, queues, wall } from "./model.js";
import { Pulse } from "./pulse.js";
import { longestAhead, OVER, sums, worst } from "./rules.js";
import { count } from "./text.js";

/** @import {Queue} from "./types.js" */

const CARD_EM = { width: 18, height: 11.8 }; // with the gap, as board.css has it
const SIZES = [1.7, 1.4, 1.2, 1]; // of the cards' type, as board.css has them by number

/** Fill the screen, if the browser lets us, and show the wall. */
export function toWall() {
  history.pushState(null, "", "/board?wall=1");
  wall.value = true;
  void document.documentElement.requestFullscreen?.().catch(() => undefined);
}

/** Back to the desk. */
export function fromWall() {
  if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
  history.pushState(null, "", "/board");
  wall.value = false;
}

/** Follow the address, and the end of the full screen. */
export function followAddress() {
  const follow = () => {
    wall.value = new URLSearchParams(location.search).get("wall") === "1";
  };
  addEventListener("popstate", follow);
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && wall.value) fromWall();
  });
  follow();
}

/** @param {{queue: Queue}} props */
function Card({ queue }) {
  const all = sums(queue.lines);
  const level = useMoving(() => worst(queue, now.value), [queue]);
  const ahead = longestAhead(queue.lines);
  return html`<li class="wall-card" data-queue=${queue.id} data-level=${level}>
    <h3>${queueName(queue)}</h3>
    <p class="wall-line"><span><span class="figure wall-waiting">${count(all.waiting)}</span>
      <span class="meta"> ${t("board.wall.waiting")}</span></span><${Wait} from=${all.waitFrom} /></p>
    <p class="wall-line wall-level"><span><${Level} level=${all.service_level} lines=${queue.lines} /></span></p>
    ${ahead && html`<p class="wall-line wall-ahead"><span class="meta">${queue.lines.length > 1
      ? t("board.wall.ahead_of", { channel: t(`channel.${ahead.channel}`) })
      : t("board.wall.ahead")}</span> <${Band} line=${ahead} /></p>`}
    <${State} queue=${queue} />
  </li>`;
}

/** How many cards of a size an element has room for. @param {HTMLElement} box @param {number} size */
function room(box, size) {
  const em = parseFloat(getComputedStyle(box).fontSize) * size;
  const across = Math.max(1, Math.floor(box.clientWidth / (CARD_EM.width * em)));
  return across * Math.max(1, Math.floor(box.clientHeight / (CARD_EM.height * em)));
}

/** As many queues as the wall has room for, as large as they fit, where it burns first; the others
 * in one card. */
function Cards() {
  const box = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const [rooms, setRooms] = useState(/** @type {number[]} */ ([]));
  useEffect(() => {
    const measure = () => box.current && setRooms(SIZES.map((size) => room(/** @type {HTMLElement} */ (box.current), size)));
    const seen = new ResizeObserver(measure);
    if (box.current) seen.observe(box.current);
    return () => seen.disconnect();
  }, []);
  const all = queues.value;
  const size = rooms.findIndex((most) => all.length <= most);
  const most = rooms.at(size) ?? 0; // none fits: the smallest
  const shown = size >= 0 ? all : all.slice(0, Math.max(1, most - 1));
  const rest = all.slice(shown.length);
  const waiting = rest.reduce((total, queue) => total + sums(queue.lines).waiting, 0);
  const bad = rest.filter((queue) => worst(queue, now.value) === OVER).length;
  return html`<div class="wall-room" ref=${box}>${rooms.length > 0 && html`
    <ul class="plain wall-cards" data-size=${size < 0 ? SIZES.length - 1 : size}>
      ${shown.map((queue) => html`<${Card} key=${queue.id} queue=${queue} />`)}
      ${rest.length > 0 && html`<li class="wall-card wall-rest" data-level=${bad ? OVER : 0}><h3>${tn("board.wall.rest", rest.length, { n: count(rest.length) })}</h3>
        <p class="meta">${tn("board.wall.rest_waiting", waiting, { n: count(waiting) })}</p>
        ${bad > 0 && html`<span class="state state-over"><${Icon} name="alert" />${t("board.page_title", { n: count(bad) })}</span>`}</li>`}
    </ul>`}</div>`;
}

/** The wall. */
export function Wall() {
  return html`<div class="wall">
    <header class="wall-head"><h1>${organisation.value ? organisationName(organisation.value) : t("board.title")}</h1><${Today} /><${Age} /></header>
    <main class="wall-main" id="main" tabindex="-1">
      <${Banner} />
      <${Gaps} />
      <${Pulse} />
      <h2 class="hidden">${t("board.queues")}</h2>
      ${queues.value.length === 0 ? html`<p class="empty">${t("board.no_queues")}</p>` : html`<${Cards} />`}
    </main>
    <footer class="wall-foot">
      <h2 class="hidden">${t("board.agents")}</h2>
      <ul class="plain wall-states">${counts.value.map(([state, n]) => html`<li key=${state}>
        <span class=${`dot dot-${state}`} aria-hidden="true"></span>${stateName(state)} <span class="figure">${count(n)}</span></li>`)}</ul>
      <button type="button" class="button quiet wall-leave" onClick=${fromWall}><${Icon} name="close" />${t("board.wall.leave")}</button>
    </footer>
  </div>`;
}
