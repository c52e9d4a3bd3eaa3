// Who answers, among what was said: an agent came, or left and who waits now waits on.

import { html } from "htm/preact";
import { clockTime } from "../common/format.js";
import { t } from "../common/i18n.js";

/** @import {Turn} from "./types.js" */

/** @param {{turn: Turn}} props */
export function TurnLine({ turn }) {
  const { came, why, at } = turn;
  const agent = turn.agent || t("chat.agent");
  return html`<p class="turn" data-turn=${came ? "came" : why}>
    ${t(came ? "chat.turn.came" : `chat.turn.${why}`, { agent })} <time datetime=${at}>${clockTime(at)}</time></p>`;
}
