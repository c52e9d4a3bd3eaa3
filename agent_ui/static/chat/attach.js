// The files of the message that is being written: chosen, dropped or pasted.

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { size } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { again, attach, coming, mostBytes, putAway } from "./files.js";
import { say } from "./model.js";

/** @import {Coming} from "./files.js" */

/** @param {DataTransfer | null} data @param {Event} event */
function take(data, event) {
  const files = [...(data?.files ?? [])];
  if (!files.length || !mostBytes()) return;
  event.preventDefault();
  attach(files);
}

/** Takes files that are pasted. @param {ClipboardEvent} event */
export const pasted = (event) => take(event.clipboardData, event);

/** Whether files hang over the chat, which takes them wherever they are dropped: beside it the
 * browser would open them in its place. */
export function useDrop() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    /** @param {DragEvent} event */
    const drag = (event) => {
      if (!mostBytes() || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    /** @param {DragEvent} event */
    const leave = (event) => event.relatedTarget === null && setOver(false);
    /** @param {DragEvent} event */
    const drop = (event) => {
      setOver(false);
      take(event.dataTransfer, event);
    };
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return over;
}

/** The paperclip. */
export function AttachButton() {
  const input = /** @type {{current: HTMLInputElement | null}} */ (useRef(null));
  /** @param {{currentTarget: HTMLInputElement}} event */
  const chosen = ({ currentTarget }) => {
    attach(currentTarget.files ?? []);
    currentTarget.value = ""; // the same file may be chosen again
  };
  return html`<button type="button" class="button quiet attach" data-act="attach" aria-label=${t("chat.files.attach")}
      title=${t("chat.files.attach")} onClick=${() => input.current?.click()}><${Icon} name="file" /></button>
    <input ref=${input} type="file" multiple hidden tabindex="-1" aria-hidden="true" id="attach-input" onChange=${chosen} />`;
}

/** @param {{one: Coming, back: () => void}} props `back`: where the focus goes when it is taken off */
function Row({ one, back }) {
  const { name, size: bytes, sent, error, made } = one;
  const stop = error ? "put_away" : made ? "remove" : "stop";
  return html`<li class=${`coming ${error ? "coming-failed" : ""}`} data-file=${error ? "failed" : made ? "there" : "sending"}>
    <${Icon} name=${error ? "alert" : made ? "file" : "clock"} />
    <span class="grow"><span class="coming-name">${name}</span> <span class="soft">${size(bytes)}</span>
      ${error ? html`<span class="field-error">${say(error)}</span>`
        : !made && html`<progress max=${bytes} value=${sent} aria-label=${t("chat.files.sending", { name })}></progress>`}</span>
    ${error && one.again && html`<button type="button" class="link" onClick=${() => again(one)}>
      ${t("chat.message.retry")}<span class="hidden">: ${name}</span></button>`}
    <button type="button" class="button quiet attach" aria-label=${t(`chat.files.${stop}`, { name })}
      title=${t(`chat.files.${stop}`, { name })} onClick=${() => { putAway(one); back(); }}><${Icon} name="close" /></button>
  </li>`;
}

/** @param {{back: () => void}} props */
export function Attached({ back }) {
  if (!coming.value.length) return null;
  return html`<ul class="comings" aria-label=${t("chat.files.list")}>
    ${coming.value.map((one) => html`<${Row} key=${one.id} one=${one} back=${back} />`)}
  </ul>`;
}
