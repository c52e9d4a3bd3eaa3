// The files of an answer that is being written: chosen, dropped or pasted, with their progress, and
// the way to take one off again.

import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { size } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { changeMail, draftOf, save } from "./drafts.js";
import { focusSoon } from "./focus.js";
import { fileFacts, Scan } from "./mail_files.js";
import { uploads } from "./model.js";
import { again, attach, putAway } from "./uploads.js";

/** @import {Attachment, Upload} from "./types.js" */

/** Whether a file is still on its way. @param {string} contact */
export function isAttaching(contact) {
  return uploads.value.some((one) => one.contact === contact && !one.error);
}

/** Handlers of a place where files may be dropped or pasted, and whether some hang over it.
 * @param {string} contact @param {boolean} takes */
export function useFiles(contact, takes) {
  const [dropping, setDropping] = useState(false);
  /** @param {DataTransfer | null} data @param {Event} event */
  const take = (data, event) => {
    const files = [...(data?.files ?? [])];
    if (!takes || !files.length) return;
    event.preventDefault();
    attach(contact, files);
  };
  return {
    dropping,
    onPaste: (/** @type {ClipboardEvent} */ event) => take(event.clipboardData, event),
    onDrop(/** @type {DragEvent} */ event) {
      setDropping(false);
      take(event.dataTransfer, event);
    },
    onDragOver(/** @type {DragEvent} */ event) {
      if (!takes || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser opens the file in place of the page
      setDropping(true);
    },
    onDragLeave(/** @type {DragEvent} */ event) {
      const inside = /** @type {HTMLElement} */ (event.currentTarget).contains(/** @type {Node | null} */ (event.relatedTarget));
      if (!inside) setDropping(false);
    },
  };
}

/** The button to choose files. @param {{contact: string}} props */
export function AttachButton({ contact }) {
  const input = /** @type {{current: HTMLInputElement | null}} */ (useRef(null));
  /** @param {{currentTarget: HTMLInputElement}} event */
  const chosen = ({ currentTarget }) => {
    attach(contact, [...(currentTarget.files ?? [])]);
    currentTarget.value = ""; // the same file may be chosen again
  };
  return html`<button type="button" class="button quiet" data-act="attach" onClick=${() => input.current?.click()}>
      <${Icon} name="file" />${t("console.attach.title")}</button>
    <input ref=${input} type="file" multiple hidden tabindex="-1" aria-hidden="true" id="attach-input" onChange=${chosen} />`;
}

/** @param {{upload: Upload}} props */
function OnItsWay({ upload }) {
  const { name, size: bytes, sent, error } = upload;
  return html`<li class=${`attached ${error ? "attached-failed" : ""}`} data-upload=${error ? "failed" : "sending"}>
    <${Icon} name=${error ? "alert" : "clock"} />
    <span class="attached-name">${name} <span class="meta">${size(bytes)}</span>
      ${error ? html`<span class="field-error">${error}</span>`
        : html`<progress max=${bytes} value=${sent} aria-label=${t("console.attach.sending", { name })}></progress>`}</span>
    ${error && upload.again && html`<button type="button" class="button small" onClick=${() => again(upload)}>
      ${t("console.unsent.retry")}<span class="hidden">: ${name}</span></button>`}
    <button type="button" class="button quiet icon-only" aria-label=${t(error ? "console.attach.put_away" : "console.attach.stop", { name })}
      onClick=${() => { putAway(upload); focusSoon('[data-act="attach"]'); }}><${Icon} name="close" /></button>
  </li>`;
}

/** @param {{contact: string}} props */
export function Attached({ contact }) {
  const [gone, setGone] = useState(/** @type {{file: Attachment, at: number} | null} */ (null));
  const { files } = draftOf(contact).mail;
  const waiting = uploads.value.filter((one) => one.contact === contact);
  if (!files.length && !waiting.length && !gone) return null;
  /** @param {Attachment} file @param {number} at */
  const remove = (file, at) => {
    changeMail(contact, { files: files.filter((one) => one !== file) });
    save(contact);
    setGone({ file, at });
    announce(t("console.attach.removed", { name: file.name }));
    focusSoon('[data-act="attach-undo"]');
  };
  const undo = () => {
    if (gone) changeMail(contact, { files: files.toSpliced(gone.at, 0, gone.file) });
    save(contact);
    setGone(null);
    focusSoon('[data-act="attach"]');
  };
  return html`<ul class="plain attached-list" aria-label=${t("console.message.attachments")}>
    ${files.map((file, n) => html`<li key=${file.id} class="attached"><${Icon} name="file" />
      <span class="attached-name">${file.name} <span class="meta">${fileFacts(file)}</span> <${Scan} file=${file} /></span>
      <button type="button" class="button quiet icon-only" aria-label=${t("console.attach.remove", { name: file.name })}
        onClick=${() => remove(file, n)}><${Icon} name="close" /></button></li>`)}
    ${waiting.map((one) => html`<${OnItsWay} key=${one.id} upload=${one} />`)}
    ${gone && !files.includes(gone.file) && html`<li class="attached attached-gone" key="gone">
      <span class="attached-name">${t("console.attach.removed", { name: gone.file.name })}</span>
      <button type="button" class="button small" data-act="attach-undo" onClick=${undo}>${t("console.undo")}</button></li>`}
  </ul>`;
}
