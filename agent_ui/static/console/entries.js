// The messages of a case as the timeline shows them: days, mails and notes, the lines of a chat.

import { html } from "htm/preact";
import { dayName } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Bubble } from "./bubble.js";
import { goesOn, isLine, newestSeen } from "./chat_lines.js";
import { MessageView, UnsentView } from "./message.js";
import { outbox, state, timeline } from "./model.js";

/** @import {Card, Message} from "./types.js" */

/** @param {Card} card @param {Message} message */
function writer(card, message) {
  const nobody = card.channel === "chat" && message.direction === "inbound" ? "citizen" : "unknown";
  return message.from || t(`console.person.${nobody}`);
}

/** What is not confirmed yet, as it will stand. @param {Card} card @param {Message | undefined} last */
function unsent(card, last) {
  const from = state.value.me?.name ?? "";
  return outbox.value.filter((one) => one.case === card.case).map((one) => {
    const { client_id, at, text, kind, error } = one;
    if (card.channel !== "chat" || kind !== "reply") return html`<${UnsentView} key=${client_id} unsent=${one} />`;
    /** @type {Message} */
    const line = { seq: 0, direction: "outbound", from, at, text };
    const head = error !== null || !goesOn(last, line);
    last = line;
    return html`<${Bubble} key=${`outbound.${client_id}`} ...${line} seq=${undefined} head=${head} unsent=${one} />`;
  });
}

/** Everything in order, what is not confirmed yet last.
 * @param {Card} card */
export function entries(card) {
  const { messages } = timeline.value;
  const chat = card.channel === "chat";
  const seen = chat ? newestSeen(messages, card.citizen_read ?? 0) : 0;
  let day = "";
  let subject = card.subject;
  const said = messages.flatMap((message, n) => {
    const today = dayName(message.at);
    const turned = today !== day;
    const before = subject;
    day = today;
    subject = message.subject ?? subject;
    const { seq, direction, at, text, client_id, attachments, choices } = message;
    const shown = chat && isLine(message)
      ? html`<${Bubble} key=${client_id ? `${direction}.${client_id}` : seq} from=${writer(card, message)}
          ...${{ seq, direction, at, text, choices, files: attachments }} seen=${seq === seen} head=${turned || !goesOn(messages[n - 1], message)} />`
      : html`<${MessageView} key=${seq} message=${message} caseId=${card.case} subject=${before} passable=${card.channel === "mail"}
          delivery=${message.send_id ? state.value.deliveries[message.send_id] : undefined} />`;
    return turned ? [html`<h3 class="day" key=${`day ${today}`}><span>${today}</span></h3>`, shown] : [shown];
  });
  return [...said, ...unsent(card, messages.at(-1))];
}
