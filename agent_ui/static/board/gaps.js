// Who waits for a skill that nobody has. It goes away by itself when somebody has it.

import { html } from "htm/preact";
import { locale } from "../common/format.js";
import { has, t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Wait } from "./cells.js";
import { gaps, queueName, wall } from "./model.js";
import { count } from "./text.js";

/** @import {Gap, Queue} from "./types.js" */

/** @param {string} language */
function spoken(language) {
  const key = `language.${language}`;
  return has(key) ? t(key) : language;
}

/** @param {{gap: Gap, queue: Queue}} props */
function One({ gap, queue }) {
  const look = gap.why === "nobody_able" ? "error" : "notice warn";
  return html`<li class=${look} data-why=${gap.why}><${Icon} name="alert" />
    <span><strong>${t(`board.gap.${gap.why}`)}</strong> ${queueName(queue)}, ${spoken(gap.language)}, ${t(`users.level.${gap.level}`).toLocaleLowerCase(locale())}.${" "}
    ${tn("board.say.waiting", gap.waiting, { n: count(gap.waiting) })}${" "}<${Wait} from=${Date.parse(gap.since)} /></span></li>`;
}

/** Several in one row, so that the figures stay in sight. @param {{shown: {gap: Gap, queue: Queue}[]}} props */
function Sum({ shown }) {
  const waiting = shown.reduce((sum, { gap }) => sum + gap.waiting, 0);
  const since = Math.min(...shown.map(({ gap }) => Date.parse(gap.since)));
  const look = shown.some(({ gap }) => gap.why === "nobody_able") ? "error" : "notice warn";
  return html`<details class="gaps-folded">
    <summary class=${look}><${Icon} name="alert" /><span><strong>${t("board.gaps.sum", { n: count(shown.length) })}</strong>${" "}
      ${tn("board.say.waiting", waiting, { n: count(waiting) })}${" "}<${Wait} from=${since} /></span></summary>
    <${All} shown=${shown} />
  </details>`;
}

/** @param {{shown: {gap: Gap, queue: Queue}[]}} props */
function All({ shown }) {
  return html`<ul class="plain gaps" aria-label=${t("board.gaps")}>
    ${shown.map(({ gap, queue }) => html`<${One} key=${`${gap.queue} ${gap.language} ${gap.level} ${gap.why}`} gap=${gap} queue=${queue} />`)}
  </ul>`;
}

/** All of them, several behind one row; on a wall, where nobody unfolds, only what nobody at all has. */
export function Gaps() {
  const shown = gaps.value.filter(({ gap }) => !wall.value || gap.why === "nobody_able");
  if (shown.length === 0) return null;
  return shown.length === 1 || wall.value ? html`<${All} shown=${shown} />` : html`<${Sum} shown=${shown} />`;
}
