// The chat's start: texts, what was kept, the screen, the page around us.

import { effect } from "@preact/signals";
import { html, render } from "htm/preact";
import { language, setLanguage, show, t } from "../common/i18n.js";
import { App } from "./app.js";
import { shutNow, takeUp } from "./chat.js";
import { focusFirst, guardFocus } from "./focus.js";
import { startTalking } from "./host.js";
import { keep, kept } from "./keep.js";
import { given, going, queueName } from "./model.js";
import { fetchBefore } from "./start.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

async function begin() {
  show(document.documentElement.lang, given.texts);
  const was = kept(given.key);
  if (was?.language && was.language !== language.value) {
    await setLanguage(was.language).catch(() => undefined); // the page's own is here
  }
  if (given.chooses) await fetchBefore();
  if (was) takeUp(was);
  if (!going.value) shutNow();
  root.replaceChildren();
  render(html`<${App} />`, root);
  guardFocus(root);
  startTalking(() => focusFirst(root));
}

effect(() => {
  if (language.value) document.title = `${queueName.value} – ${t("chat.title")}`;
});
effect(() => {
  const said = language.value && document.getElementById("announcer");
  if (said) said.textContent = ""; // it was said in another language
});
effect(() => {
  if (going.value && language.value) keep(given.key, { language: language.value });
});

begin().catch(() => {
  const failed = document.getElementById("failed");
  if (failed) failed.hidden = false;
  root.replaceChildren();
});
