// The chat's start: texts, what was kept, the screen, the page around us.

import { effect } from "@preact/signals";
import { html, render } from "htm/preact";
import { language, setLanguage, show, t } from "../common/i18n.js";
import { App } from "./app.js";
import { takeUp } from "./chat.js";
import { focusFirst } from "./focus.js";
import { startTalking } from "./host.js";
import { keep, kept } from "./keep.js";
import { given, going, queueName } from "./model.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

async function begin() {
  show(document.documentElement.lang, given.texts);
  const was = kept(given.queue);
  if (was?.language && was.language !== language.value) {
    await setLanguage(was.language).catch(() => undefined); // the page's own is here
  }
  if (was) takeUp(was);
  root.replaceChildren();
  render(html`<${App} />`, root);
  startTalking(() => focusFirst(root));
}

effect(() => {
  if (language.value) document.title = `${queueName.value} – ${t("chat.title")}`;
});
effect(() => {
  if (going.value && language.value) keep(given.queue, { language: language.value });
});

begin().catch(() => {
  const failed = document.getElementById("failed");
  if (failed) failed.hidden = false;
  root.replaceChildren();
});
