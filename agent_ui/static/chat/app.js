// The screen put together. The first one is light; the others come when they are near.

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { LANGUAGES, language, setLanguage, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Banner } from "./banner.js";
import { keepFocus } from "./focus.js";
import { close, embedded } from "./host.js";
import { before, confirming, given, leaving, link, matter, queueName, rest, state } from "./model.js";
import { Connecting, Start } from "./start.js";

/** Who or what is at the other end, in a few words. */
function status() {
  const { phase, agent, reason } = state.value;
  if (phase === "closed" && reason === "queue_closed") return t("chat.closed.queue_closed");
  if (phase === "talking" && agent) return t("chat.status.talking", { agent });
  return t(`chat.status.${phase === "talking" ? "online" : phase}`);
}

/** The agent's initial, or the city's logo, or the house's mark. */
function Face() {
  const { agent, phase } = state.value;
  if (given.logo && !agent) return html`<img class="logo" src=${given.logo} alt="" />`;
  const initial = phase === "talking" && agent ? [...agent.trim()][0] : null;
  return html`<span class="face" aria-hidden="true">${initial ?? html`<${Icon} name="chat" />`}</span>`;
}

/** The landmarks bear names: a reader who is on the city's page hears its own and ours as one. */
function Head() {
  const { phase } = state.value;
  return html`<header class="head" aria-labelledby="chat-title">
    <${Face} />
    <div class="grow"><h1 id="chat-title">${queueName.value}</h1><p class="status">${status()}</p></div>
    ${(phase === "waiting" || phase === "talking") && link.value !== "replaced" && html`<button type="button" class="head-button" data-act="end"
      onClick=${() => (confirming.value = true)}>${t("chat.end")}</button>`}
    ${embedded && html`<button type="button" class="head-button head-icon" data-act="hide"
      aria-label=${t("chat.hide")} title=${t("chat.hide")} onClick=${close}><${Icon} name="more" /></button>`}
  </header>`;
}

function Languages() {
  return html`<footer class="foot" aria-label=${t("chat.language")}><ul class="languages">
    ${LANGUAGES.map(([code, own]) => html`<li key=${code}><button type="button" lang=${code}
      aria-current=${code === language.value ? "true" : undefined}
      onClick=${() => setLanguage(code, "?of=chat").catch(() => undefined)}>${own}</button></li>`)}
  </ul></footer>`;
}

/** Which screen it is. */
function screen() {
  const { phase, messages } = state.value;
  if (phase === "left_message") return "left";
  if (leaving.value) return leaving.value;
  if (link.value === "replaced") return "replaced";
  if (phase === "start" && !matter.value) return "topics";
  if (phase === "connecting" && messages.length) return "waiting";
  return phase;
}

/** The whole chat. */
export function App() {
  const now = screen();
  const more = rest.value;
  const root = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else if (root.current) keepFocus(root.current);
  }, [now, confirming.value, more]);
  return html`<div class="chat" data-screen=${now} data-link=${link.value} ref=${root}>
    <${Head} />
    <${Banner} />
    <main class="body" aria-labelledby="chat-title">${
      now === "start" ? html`<${Start} />` : now === "topics" && before.value ? html`<${before.value.Topics} />` : (more?.SCREENS[now]?.() ?? html`<${Connecting} />`)
    }</main>
    <${Languages} />
    ${confirming.value && more && html`<${more.Confirm} />`}
  </div>`;
}
