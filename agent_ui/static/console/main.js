// The console's start: texts, names, then the socket.

import { effect } from "@preact/signals";
import { html, render } from "htm/preact";
import { setLanguage, t } from "../common/i18n.js";
import { settings } from "../common/settings.js";
import { zone } from "../common/zone.js";
import * as api from "./api.js";
import { App } from "./app.js";
import { isRinging } from "./by_hand.js";
import { open, start } from "./desk.js";
import { anythingUnkept } from "./drafts.js";
import { keepFocus } from "./focus.js";
import { startKeeping } from "./keep.js";
import { connection, info, state, unread } from "./model.js";
import { listen } from "./shortcuts.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

async function begin() {
  try {
    info.value = await api.info();
  } catch (error) {
    if (error instanceof api.Failed && error.status === 401) return location.assign("/login?next=/console");
    // The socket will say what is wrong; names come when it is back.
  }
  // The server wrote the page in the language that this user reads.
  await setLanguage(document.documentElement.lang);
  if (info.value) startKeeping(info.value.user.id);
  root.replaceChildren();
  render(html`<${App} />`, root);
  keepFocus(root);
  listen();
  start();
}

// After a reload, the case that was open.
const wanted = location.hash.slice(1);
const stop = effect(() => {
  if (!state.value.ready) return;
  if (/^\d+$/.test(wanted) && state.value.contacts[wanted]) open(wanted);
  queueMicrotask(() => stop());
});

effect(() => {
  zone.value = info.value?.zone;
});

// The names, where they could not be had at the start.
effect(() => {
  if (!state.value.ready || info.peek()) return;
  api.info().then((known) => {
    info.value = known;
    startKeeping(known.user.id);
  }, () => undefined);
});

effect(() => {
  const { titleOffers, titleMessages } = settings.value;
  const [offers, contacts] = [state.value.offers.length, unread.value.length];
  const counts = [
    titleOffers && offers && t("console.page_title.offers", { n: offers }),
    titleMessages && contacts && t("console.page_title.unread", { n: contacts }),
  ].filter(Boolean);
  if (t("console.title") === "console.title") return; // no texts yet
  document.title = counts.length ? `(${counts.join(", ")}) ${t("console.title")}` : t("console.title");
});

addEventListener("beforeunload", (event) => {
  if (isRinging()) return;
  // At the end of a session nothing is lost: this tab keeps it until the same user is back.
  if (connection.value.link !== "signed_out" && anythingUnkept()) event.preventDefault();
});

begin().catch(() => {
  const failed = document.getElementById("failed");
  if (failed) failed.hidden = false;
});
