// The screens after the first one. They are fetched once somebody begins to write.

import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../common/i18n.js";
import { Changed, ChangeForm } from "./change.js";
import { refuseChange as refuseWay } from "./changing.js";
import { end } from "./chat.js";
import { Composer } from "./composer.js";
import { Closed, Left, Replaced } from "./ended.js";
import { hearFile, refuseFile } from "./files.js";
import { hearIdle, Idle, typed } from "./idle.js";
import { LeaveForm } from "./leave.js";
import { Log } from "./log.js";
import { anythingSaid, confirming, state } from "./model.js";
import { Waiting } from "./waiting.js";

/** @import {Frame} from "./types.js" */

export { changed, sendChange } from "./changing.js";
export { closing } from "./ended.js";
export { typed };

/** What changes beside the messages. @param {Frame} frame */
export function hearMore(frame) {
  hearFile(frame);
  hearIdle(frame);
}

/** Whether an error was about what is done here. @param {Frame} frame */
export const refuseChange = (frame) => refuseWay(frame) || refuseFile(frame);

/** Nothing is ended by a slip of the hand. */
export function Confirm() {
  const dialog = /** @type {{current: HTMLDialogElement | null}} */ (useRef(null));
  useLayoutEffect(() => {
    const back = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog.current?.showModal();
    return () => {
      if (back?.isConnected) back.focus();
    };
  }, []);
  const stay = () => (confirming.value = false);
  return html`<dialog class="dialog" ref=${dialog} aria-labelledby="end-title" onClose=${stay}>
    <div class="dialog-body">
      <h2 id="end-title">${t("chat.end.title")}</h2>
      <p>${t(state.value.phase === "waiting" ? "chat.end.lead_waiting" : "chat.end.lead")}</p>
      <div class="actions">
        <button type="button" class="button primary" data-act="end-yes" onClick=${end}>${t("chat.end.yes")}</button>
        <button type="button" class="button" onClick=${stay}>${t("chat.end.no")}</button>
      </div>
    </div>
  </dialog>`;
}

/** @type {Record<string, () => unknown>} */
export const SCREENS = {
  waiting: () => html`<${Log}><${Waiting} /><//>${null}<${Composer} />`, // the same composer in both
  talking: () => html`<${Log} /><${Idle} /><${Composer} />`,
  closed: () => html`${anythingSaid.value && html`<${Log} />`}<${Closed} />`,
  replaced: () => html`<${Log} /><${Replaced} />`,
  leave: () => html`<${LeaveForm} />`,
  left: () => html`<${Left} />`,
  change: () => html`<${ChangeForm} />`,
  changed: () => html`<${Changed} />`,
};
