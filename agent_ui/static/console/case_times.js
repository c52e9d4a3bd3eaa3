// How fast the case was reacted to and answered, asked for when it is opened.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { duration } from "../common/format.js";
import { t } from "../common/i18n.js";
import * as api from "./api.js";

/** @import {CaseTime, CaseTimes} from "./types.js" */

/** @param {{name: "reaction" | "answer", time: CaseTime | null}} props */
function Line({ name, time }) {
  return html`<div class="whole"><dt>${t(`console.times.${name}`)}</dt><dd>${time
    ? t("console.times.both", { calendar: duration(time.calendar_s), working: duration(time.working_s) })
    : t("console.times.not_yet")}</dd></div>`;
}

/** @param {{case: string}} props */
export function Times({ case: number }) {
  const [told, setTold] = useState(/** @type {CaseTimes | null} */ (null));
  const [failed, setFailed] = useState("");
  /** @param {{currentTarget: HTMLDetailsElement}} event */
  const turned = ({ currentTarget: { open } }) => {
    if (!open) return setTold(null); // it goes on
    api.caseTimes(number).then(
      (answer) => { setTold(answer); setFailed(""); },
      (error) => setFailed(error instanceof Error ? error.message : String(error)),
    );
  };
  return html`<details class="times" onToggle=${turned}><summary>${t("console.times.title")}</summary>
    <div role="status">${failed ? html`<p class="field-error">${failed}</p>` : told
      ? html`<dl class="fact-list"><${Line} name="reaction" time=${told.reaction} /><${Line} name="answer" time=${told.answer} /></dl>
        <p class="meta">${t("console.times.hint")}</p>`
      : html`<p>${t("console.loading")}</p>`}</div></details>`;
}
