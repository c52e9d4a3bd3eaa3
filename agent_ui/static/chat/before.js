// What is asked before a chat: the matter, where there are several, and in which language; and when
// somebody is there.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { language, LANGUAGES, locale, named, t } from "../common/i18n.js";
import { waitText } from "../common/wait.js";
import { choose } from "./chat.js";
import { matter, matters, notice, say, spoken } from "./model.js";

/** @import {Matter} from "./types.js" */

const NEWS_MS = 60_000;

/** What of it the address of this page names. */
const query = new URLSearchParams(location.search);

/** @param {string} path @param {Record<string, string>} more */
async function ask(path, more) {
  const asked = new URLSearchParams({ ...more, lang: language.value });
  const answer = await fetch(`${path}?${asked}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Day and time in words, without all that other screens' formats need. @param {string} iso */
function dayAndTime(iso) {
  /** @type {Intl.DateTimeFormatOptions} */
  const words = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(locale(), words).format(new Date(iso));
}

/** How a door stands, in words. @param {Matter} one */
function stands({ stands: how, opens_at, wait }) {
  if (how === "closed" && opens_at) return t("chat.before.opens", { time: dayAndTime(opens_at) });
  const words = t(`chat.before.${how}`);
  return how === "open" && wait ? `${words} ${t(...waitText(...wait, locale()))}` : words;
}

/** How they stand goes on while somebody looks; what can't be asked now stays as it was. */
function useNews() {
  useEffect(() => {
    const renew = () => {
      if (document.hidden) return;
      const whose = query.get("organisation") ?? "";
      ask("/chat/topics", { organisation: whose }).then((found) => (matters.value = found), () => undefined);
    };
    if (notice.value) renew(); // what was chosen is no more
    const timer = setInterval(renew, NEWS_MS);
    return () => clearInterval(timer);
  }, []);
}

/** @param {{one: Matter}} props */
function Topic({ one }) {
  const hint = named(one.hint, "");
  const open = one.stands === "open" || one.stands === "quiet";
  return html`<li><button type="button" class="topic" data-topic=${one.topic || one.queue} onClick=${() => choose(one)}>
    <span class="topic-name">${named(one.names, one.queue)}</span>
    ${hint && html` <span class="soft">${hint}</span>`}
    ${" "}<span class=${`topic-stands ${open ? "topic-open" : ""}`}>${stands(one)}</span>
  </button></li>`;
}

/** The matters to choose from, by organisation where there are several. */
export function Topics() {
  useNews();
  const whose = [...new Set(matters.value.map((one) => one.organisation))];
  return html`<div class="screen">
    ${notice.value && html`<p class="notice warn" role="alert">${say(notice.value)}</p>`}
    <div class="hello"><h2 tabindex="-1" data-first>${t("chat.before.title")}</h2>
      <p class="soft">${t("chat.before.lead")}</p></div>
    ${whose.map((key) => {
      const of = matters.value.filter((one) => one.organisation === key);
      return html`<section key=${key} aria-labelledby=${`of-${key}`}>
        <h3 id=${`of-${key}`} class=${whose.length > 1 ? "" : "hidden"}>${named(of[0]?.group, key)}</h3>
        <ul class="topics">${of.map((one) => html`<${Topic} key=${one.topic || one.queue} one=${one} />`)}</ul>
      </section>`;
    })}
    <p class="privacy"><a href=${`/contact?${whose.length === 1 ? `organisation=${whose[0]}&` : ""}lang=${language.value}`}
      target="_blank" rel="noopener">${t("chat.before.others")}</a></p>
  </div>`;
}

/** What was chosen, how it stands, and the way back. */
export function Chosen() {
  const one = matter.value;
  if (!one) return null;
  return html`<p class="chosen"><span class="grow"><strong>${named(one.names, one.queue)}</strong> ${stands(one)}</span>
    <button type="button" class="button small" data-act="topics" onClick=${() => choose(null)}>${t("chat.before.change")}</button></p>`;
}

/** What a language calls itself. @param {string} code */
function ownName(code) {
  const ours = LANGUAGES.find(([known]) => known === code)?.[1];
  return ours ?? new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
}

/** In which of the queue's languages one is answered. */
export function Spoken() {
  const languages = matter.value?.languages ?? [];
  const own = languages.includes(language.value);
  const now = languages.includes(spoken.value) ? spoken.value : own ? language.value : (languages[0] ?? "");
  /** @param {{currentTarget: HTMLSelectElement}} event */
  const chosen = ({ currentTarget }) => (spoken.value = currentTarget.value);
  const lacking = own ? "" : t("chat.before.not_spoken");
  if (languages.length < 2) return lacking && html`<p class="notice">${lacking} ${t("chat.before.only", { language: ownName(now) })}</p>`;
  return html`<div class="field">
    <label for="spoken">${t("chat.before.language")}</label>
    ${lacking && html`<p class="soft" id="spoken-hint">${lacking}</p>`}
    <select id="spoken" value=${now} onChange=${chosen} aria-describedby=${lacking ? "spoken-hint" : undefined}>
      ${languages.map((code) => html`<option key=${code} value=${code} lang=${code} selected=${code === now}>${ownName(code)}</option>`)}
    </select>
  </div>`;
}

/** Opening hours: an ordinary week, and the days that differ soon. */
export function HoursList() {
  const [days, setDays] = useState(/** @type {[string, string][] | null | undefined} */ (undefined));
  const { topic = "", queue = "" } = matter.value ?? {};
  useEffect(() => {
    let mine = true;
    ask("/chat/hours", topic ? { topic } : { queue }).then((found) => mine && setDays(found), () => mine && setDays(null));
    return () => void (mine = false);
  }, [topic, queue, language.value]);
  if (days === undefined) return html`<p class="soft" role="status">${t("chat.connecting")}</p>`;
  if (days === null) return html`<p class="soft" role="status">${t("chat.link.offline")}</p>`;
  if (!days.length) return html`<p class="soft">${t("chat.before.always")}</p>`;
  return html`<dl class="hours-list">${days.map(([day, times]) => html`<div key=${day}><dt>${day}</dt><dd>${times}</dd></div>`)}</dl>`;
}
