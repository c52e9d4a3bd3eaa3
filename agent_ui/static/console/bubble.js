// One line of a chat. An own line is the same element before and after the server has stored it,
// so that nothing jumps and readers hear it once.

import { html } from "htm/preact";
import { clockTime, fullDate } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Linked } from "../common/linked.js";
import { Offered } from "./choices.js";
import { Files, Leaving } from "./mail_files.js";
import { online } from "./model.js";
import { retry, takeBack } from "./sending.js";

/** @import {Attachment, Direction, Unsent} from "./types.js" */

/** Whether it has left, and the way on where the server said no.
 * @param {{unsent: Unsent}} props */
function Fate({ unsent }) {
  if (unsent.error === null) {
    const waits = t(online.value ? "console.unsent.sending" : "console.unsent.offline");
    return html`<p class="bubble-fate" aria-live="off"><${Icon} name="clock" />
      <span class=${online.value ? "hidden" : ""}>${waits}</span></p>`;
  }
  return html`<div class="delivery delivery-failed" role="status">
    <p><${Icon} name="alert" /><span>${t("console.unsent.failed", { why: unsent.error })}</span></p>
    <div class="row">
      <button type="button" class="button small" onClick=${() => retry(unsent)}>${t("console.unsent.retry")}</button>
      <button type="button" class="button small" onClick=${() => takeBack(unsent)}>
        ${t("console.unsent.take_back")}</button>
    </div>
  </div>`;
}

/** @param {{direction: Direction, from: string, at: string, text: string, files?: Attachment[], choices?: string[],
 *   seq?: number, head: boolean, seen?: boolean, unsent?: Unsent}} props `head`: the first of its group */
export function Bubble({ direction, from, at, text, files, choices, seq, head, seen, unsent }) {
  const state = unsent && (unsent.error === null ? "waiting" : "failed");
  const who = direction === "outbound" ? "reply" : "visit";
  return html`<article class=${`bubble message message-${direction}`} data-seq=${seq} data-unsent=${state}
    data-head=${head} aria-label=${`${t(`console.message.${direction}`)}: ${from}`}>
    ${head && html`<p class="bubble-head"><${Icon} name=${who} /><span class="bubble-from">${from}</span>
      <time class="meta" datetime=${at} title=${fullDate(at)}>${clockTime(at)}</time></p>`}
    ${text && html`<div class="message-text" dir="auto"><${Linked} text=${text} /></div>`}
    <${Offered} choices=${choices ?? unsent?.choices} />
    ${files && html`<${Files} files=${files} />`}
    ${unsent?.mail && html`<${Leaving} files=${unsent.mail.files} />`}
    ${seen && html`<p class="bubble-fate" aria-live="off"><${Icon} name="check" />${t("console.chat.seen")}</p>`}
    ${unsent && html`<${Fate} unsent=${unsent} />`}
  </article>`;
}
