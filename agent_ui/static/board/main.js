// The board's start: texts, then the socket.

import { effect } from "@preact/signals";
import { html, render } from "htm/preact";
import { setLanguage, t } from "../common/i18n.js";
import { zone } from "../common/zone.js";
import { App } from "./app.js";
import { start } from "./desk.js";
import { board, organisationNames, over, staffOf } from "./model.js";
import { startSaying } from "./say.js";
import { followAddress } from "./wall.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

async function begin() {
  organisationNames.value = JSON.parse(root.dataset.organisations ?? "{}");
  staffOf.value = JSON.parse(root.dataset.staff ?? "[]");
  // The server wrote the page in the language that this user reads.
  await setLanguage(document.documentElement.lang);
  followAddress();
  root.replaceChildren();
  render(html`<${App} />`, root);
  startSaying();
  effect(() => {
    zone.value = board.value.zone ?? undefined;
  });
  effect(() => {
    const bad = over.value.length;
    document.title = bad ? `(${t("board.page_title", { n: bad })}) ${t("board.title")}` : t("board.title");
  });
  await start();
}

begin().catch(() => {
  const failed = document.getElementById("failed");
  if (failed) failed.hidden = false;
});
