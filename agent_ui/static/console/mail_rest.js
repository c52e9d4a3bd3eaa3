// What stands around what was written in a mail, quotes and signature: one press away, and fetched
// only then.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { settings } from "../common/settings.js";
import { t } from "../common/i18n.js";
import * as api from "./api.js";
import { Linked } from "../common/linked.js";

/** @param {{caseId: string, seq: number}} props */
export function Rest({ caseId, seq }) {
  const [rest, setRest] = useState(/** @type {string | null} */ (null));
  const [shown, setShown] = useState(false);
  const [trouble, setTrouble] = useState("");
  const turn = async () => {
    setTrouble("");
    if (rest === null) {
      try {
        setRest(await api.rest(caseId, seq));
      } catch (error) {
        return setTrouble(error instanceof Error ? error.message : String(error));
      }
    }
    if (!shown) announce(t("console.mail.rest_shown"));
    setShown(!shown);
  };
  return html`<div class="mail-rest">
    <button type="button" class="button small quiet" data-act="rest" aria-expanded=${shown}
      aria-keyshortcuts=${settings.value.shortcuts ? "o" : undefined} onClick=${turn}>
      ${t(shown ? "console.mail.rest_hide" : "console.mail.rest_show")}</button>
    ${trouble && html`<p class="field-error" role="alert">${t("console.mail.rest_failed", { why: trouble })}</p>`}
    ${shown && html`<div class="message-text rest-text" dir="auto"><${Linked} text=${rest ?? ""} /></div>`}
  </div>`;
}
