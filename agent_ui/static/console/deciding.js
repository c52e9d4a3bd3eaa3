// What another organisation decides itself: who serves it by an agreement advises, and hands over.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { dialog, info } from "./model.js";

/** @import {Card} from "./types.js" */

/** Whether completing it is for another organisation than mine, as the server would say.
 * @param {Card} card */
export function decidedElsewhere(card) {
  const known = info.value;
  const queue = known?.queues.find((one) => one.key === card.queue);
  return Boolean(queue?.decision) && queue?.organisation !== known?.user.organisation;
}

/** Instead of finishing: why not, and what to do. @param {{keys: boolean}} props */
export function HandOver({ keys }) {
  return html`<section aria-labelledby="steps-title">
    <h3 id="steps-title">${t("console.panel.steps")}</h3>
    <div class="notice stack" id="decided-elsewhere"><p><strong>${t("console.decided.title")}</strong></p>
      <p>${t("console.decided.explained")}</p></div>
    <div class="stack">
      <button type="button" class="button primary wide" data-act="transfer" aria-keyshortcuts=${keys ? "t" : undefined}
        aria-describedby="decided-elsewhere" onClick=${() => (dialog.value = "transfer")}>
        <${Icon} name="move" />${t("console.decided.hand_over")}${keys && html`<kbd aria-hidden="true">T</kbd>`}</button>
    </div>
  </section>`;
}
