// What was said, in order. New messages are read aloud as they come; older ones are not.

import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Choices } from "./choices.js";
import { Own, Said } from "./message.js";
import { arriving, state, unsent } from "./model.js";
import { inOrder } from "./store.js";
import { TurnLine } from "./turns.js";

/** @import {Message, Turn} from "./types.js" */

const TYPING_MS = 5_000;
const NEAR_PX = 80;

/** Whether the agent was typing a moment ago. */
const typing = signal(false);

function Typing() {
  const { typingAt, agent } = state.value;
  useEffect(() => {
    typing.value = typingAt > 0;
    const timer = setTimeout(() => (typing.value = false), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typingAt]);
  if (!typing.value || !typingAt) return null;
  return html`<p class="typing" data-typing><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    ${t("chat.typing", { agent: agent || t("chat.agent") })}</p>`;
}

/** The newest own message that the agent has seen. @param {Message[]} messages */
function readMark(messages) {
  const { readSeq } = state.value;
  const own = messages.filter((one) => one.direction === "inbound");
  return own.findLast((one) => one.seq <= readSeq)?.seq ?? -1;
}

/** @param {{children?: unknown}} props */
export function Log({ children }) {
  const box = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const atEnd = useRef(true);
  const behind = useRef(signal(false)).current;
  const { messages, turns } = state.value;
  const said = inOrder(messages, turns);
  const own = unsent.value.length;
  const read = readMark(messages);
  const last = messages.at(-1);

  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  const newest = () => {
    toEnd();
    box.current?.focus(); // the button goes
  };
  useLayoutEffect(() => {
    if (atEnd.current || own || last?.direction === "inbound") toEnd();
    else behind.value = true;
  }, [messages.length, turns.length, own]);
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    for (const one of [element, ...element.children]) watch.observe(one);
    return () => watch.disconnect();
  }, []);
  const scrolled = () => {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    if (atEnd.current) behind.value = false;
  };

  return html`<div class="log-box">
    <div class="log" ref=${box} tabindex="0" role="region" aria-label=${t("chat.log")} onScroll=${scrolled}>
      <div class="log-inside">
      <div class="messages" role="log" aria-label=${t("chat.log")} aria-live=${arriving.value ? "off" : "polite"} aria-relevant="additions">
        ${said.map((one, at) => "came" in one
          ? html`<${TurnLine} key=${`turn ${one.id}`} turn=${one} />`
          : html`<${Said} key=${one.client_id ?? one.seq} message=${one}
              follows=${follows(said[at - 1], one)} read=${one.seq === read} last=${one === last && !own} />`)}
        ${unsent.value.map((one) => html`<${Own} key=${one.client_id} unsent=${one} />`)}
      </div>
      <${Choices} />
      ${children}
      <${Typing} />
      </div>
    </div>
    ${behind.value && html`<button type="button" class="button small to-end" onClick=${newest}>
      <${Icon} name="more" />${t("chat.newer")}</button>`}
  </div>`;
}

/** Whether a message goes on where the one before stopped. @param {Message | Turn | undefined} before @param {Message} one */
function follows(before, one) {
  return before !== undefined && "direction" in before && before.direction === one.direction && before.from === one.from;
}
