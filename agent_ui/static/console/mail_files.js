// The files of a message: type and size, a press to save them, and images to be looked at where
// they stand. Nothing is fetched before somebody asks: each read is written down.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { size } from "../common/format.js";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { scanAgain } from "./api.js";
import { fileType, isShowable, shutBy } from "./mail_words.js";
import { state } from "./model.js";

/** @import {Attachment} from "./types.js" */

/** @param {Attachment} file */
export function fileFacts({ media_type, size: bytes }) {
  return [fileType(media_type) || t("console.mail.file.unknown"), size(bytes)].join(", ");
}

/** A file as it stands now: the scanner may have been heard of before or after it.
 * @param {Attachment} file @returns {Attachment} */
function asScanned(file) {
  return { ...file, ...state.value.scans[file.id] };
}

/** What the scanner says of a file that nobody may open. @param {{file: Attachment}} props */
export function Scan({ file }) {
  const now = asScanned(file);
  const shut = shutBy(now);
  if (!shut) return null;
  return html`<span class=${shut === "waiting" ? "meta" : "field-error"} data-scan=${shut}>
    ${t(`console.mail.file.${shut}`, { found: now.scan_name ?? "" })}</span>`;
}

/** The files of an answer on its way; it does not leave before the scanner has looked at them.
 * @param {{files: Attachment[]}} props */
export function Leaving({ files }) {
  return html`${files.map((one) => html`<p class="meta" key=${one.id}>${one.name} <${Scan} file=${one} /></p>`)}`;
}

/** Once more to the scanner, where it could not say anything. @param {{file: Attachment}} props */
function Again({ file }) {
  const [why, setWhy] = useState("");
  const again = async () => {
    try {
      const now = await scanAgain(file.id);
      state.value = { ...state.value, scans: { ...state.value.scans, [file.id]: now } };
      announce(t("console.mail.file.waiting", { found: "" }));
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error));
    }
  };
  return html`<button type="button" class="button small quiet" onClick=${again}>${t("console.mail.file.scan_again")}<span
    class="hidden">: ${file.name}</span></button>${why && html`<span class="field-error" role="alert">${why}</span>`}`;
}

/** A file that nobody may open yet, or ever. @param {{file: Attachment}} props */
function Shut({ file }) {
  return html`<li><span class="file file-shut"><${Icon} name=${file.scan === "waiting" ? "clock" : "alert"} />
    <span>${file.name} <span class="meta">${fileFacts(file)}</span> <${Scan} file=${file} /></span></span>
    ${file.scan === "failed" && html`<${Again} file=${file} />`}</li>`;
}

/** @param {{file: Attachment}} props */
function FileRow({ file }) {
  const [shown, setShown] = useState(false);
  const [broken, setBroken] = useState(false);
  const source = `/api/attachments/${file.id}`;
  return html`<li class=${shown ? "file-open" : undefined}>
    <span class="file-row">
      <a class="file" href=${source} download><${Icon} name="file" />
        <span>${file.name}</span> <span class="meta">${fileFacts(file)}</span></a>
      ${isShowable(file) && html`<button type="button" class="button small quiet" aria-expanded=${shown}
        onClick=${() => setShown(!shown)}>${t(shown ? "console.mail.file.hide" : "console.mail.file.show")}<span
        class="hidden">: ${file.name}</span></button>`}</span>
    ${shown && (broken
      ? html`<p class="field-error" role="alert">${t("console.mail.file.broken")}</p>`
      : html`<img class="file-image" src=${source} alt=${file.name} onError=${() => setBroken(true)} />`)}
  </li>`;
}

/** @param {Attachment} file */
function row(file) {
  return html`<${shutBy(file) ? Shut : FileRow} key=${file.id} file=${file} />`;
}

/** @param {{files: Attachment[]}} props */
export function Files({ files }) {
  const now = files.map(asScanned);
  const inside = now.filter((one) => one.inline);
  const beside = now.filter((one) => !one.inline);
  return html`${beside.length > 0 && html`<ul class="plain files" aria-label=${t("console.message.attachments")}>
      ${beside.map(row)}</ul>`}
    ${inside.length > 0 && html`<details class="files-inside"><summary>${tn("console.mail.file.inside", inside.length)}</summary>
      <ul class="plain files">${inside.map(row)}</ul></details>`}`;
}
