// One message. What people wrote is only ever text; addresses in it are links.

import { html } from "htm/preact";
import { clockTime } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Linked } from "../common/linked.js";
import { going, say } from "./model.js";
import { Files } from "./said_files.js";
import { retry } from "./sending.js";

/** @import {Message, Unsent} from "./types.js" */

/** @param {{text: string}} props */
function Text({ text }) {
  return html`<div class="text" dir="auto"><${Linked} text=${text} /></div>`;
}

/** A message that the server has.
 * @param {{message: Message, follows: boolean, read: boolean, last: boolean}} props */
export function Said({ message, follows, read, last }) {
  const { direction, from, text, at, seq, files } = message;
  const own = direction === "inbound";
  const state = read ? "read" : own && last ? "sent" : null;
  return html`<div class=${`said ${own ? "own" : "theirs"} ${follows ? "follows" : ""}`} data-seq=${seq}>
    <p class=${own || follows ? "hidden" : "from"}>${own ? t("chat.message.you") : from || t("chat.agent")}</p>
    ${text && html`<${Text} text=${text} />`}
    <${Files} files=${files} />
    <p class="when"><time datetime=${at}>${clockTime(at)}</time>
      ${state && html` <span data-sent=${state}><${Icon} name="check" />${t(`chat.message.${state}`)}</span>`}</p>
  </div>`;
}

/** One's own message on its way, or refused. @param {{unsent: Unsent}} props */
export function Own({ unsent }) {
  const failed = unsent.error !== null;
  return html`<div class=${`said own ${failed ? "failed" : "sending"}`} data-client=${unsent.client_id}>
    <p class="hidden">${t("chat.message.you")}</p>
    ${unsent.text && html`<${Text} text=${unsent.text} />`}
    ${unsent.files?.map((one) => html`<p class="text">${one.name}</p>`)}
    ${failed
      ? html`<div class="when" role="alert"><span><${Icon} name="alert" />${say(unsent.error ?? "") || t("chat.message.not_sent")}</span>
          ${going.value && html`<button type="button" class="link" data-act="retry" onClick=${() => retry(unsent)}>
            ${t("chat.message.retry")}</button>`}</div>`
      : html`<p class="when" data-sent="sending"><${Icon} name="clock" />${t("chat.message.sending")}</p>`}
  </div>`;
}
