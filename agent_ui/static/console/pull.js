// Waiting contacts that I may take out of their turn.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { languageWord } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import * as api from "./api.js";
import { pull } from "./desk.js";
import { dialog, isAsked, online, refusal } from "./model.js";
import { queueName } from "./react.js";
import { Since } from "./state_menu.js";

/** @import {Waiting} from "./types.js" */

const AGAIN_MS = 5_000;

/** @param {{one: Waiting, first: boolean}} props */
function Row({ one, first }) {
  const id = `waits-${one.contact}`;
  const refused = refusal.value?.asked === `pull ${one.contact}` ? refusal.value.text : "";
  return html`<li class="pull-row" data-waits=${one.contact}>
    <p id=${id}><${Icon} name=${one.channel} /><strong>${t(`channel.${one.channel}`)}</strong>, ${languageWord(one.language)}
      <span class="meta pull-what">${queueName(one.queue)}, ${t("console.offer.waited")}${" "}<${Since} from=${one.wait_from} /></span></p>
    ${refused && html`<p class="field-error" role="alert">${refused}</p>`}
    <button type="button" class="button small" data-act="pull" data-first=${first} aria-describedby=${id}
      disabled=${!online.value || isAsked("pull", one.contact)} onClick=${() => pull(one.contact)}>${t("console.pull.take")}</button>
  </li>`;
}

/** The dialog: the best place first. It looks again while it is open. */
export function PullDialog() {
  const [waiting, setWaiting] = useState(/** @type {Waiting[] | null} */ (null));
  const [failed, setFailed] = useState("");
  useEffect(() => {
    const look = () => api.waiting().then(
      (found) => { setWaiting(found); setFailed(""); },
      (error) => setFailed(error instanceof Error ? error.message : String(error)),
    );
    void look();
    const timer = setInterval(look, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const end = () => {
    dialog.value = null;
  };
  return html`<${Dialog} title=${t("console.pull.title")} onClose=${end}>
    <p>${t("console.pull.explained")}</p>
    <div role="status">${failed
      ? html`<p class="field-error">${failed}</p>`
      : waiting === null ? html`<p>${t("console.loading")}</p>` : waiting.length === 0 && html`<p>${t("console.pull.none")}</p>`}</div>
    <ul class="plain stack">${(waiting ?? []).map((one, n) => html`<${Row} key=${one.contact} one=${one} first=${n === 0} />`)}</ul>
    <div class="actions"><button type="button" class="button" onClick=${end}>${t("console.close")}</button></div>
  </${Dialog}>`;
}
