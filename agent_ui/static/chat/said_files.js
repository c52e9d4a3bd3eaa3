// The files of a message: an image where it stands, else name and size to save it by.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { size } from "../common/format.js";
import { t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { scanned } from "./files.js";

/** @import {ChatFile} from "./types.js" */

// What the bytes proved to be; anything else is only ever saved.
const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

// With the first screen's styles they would be in everybody's way.
document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/static/css/chat_files.css" }));

/** @param {{file: ChatFile}} props */
function One({ file: told }) {
  const [broken, setBroken] = useState(false);
  const file = scanned.value[told.id] ?? told;
  const { name, url, media_type, scan } = file;
  if (!url) {
    const icon = scan === "waiting" ? "clock" : "alert";
    return html`<li class=${`said-file said-file-${scan}`} data-scan=${scan}><${Icon} name=${icon} />
      <span>${t(`chat.files.${scan}`, { name })}</span></li>`;
  }
  const image = IMAGES.has(media_type) && !broken;
  return html`<li class=${image ? "said-image" : "said-file"} data-scan=${scan}>
    <a href=${url} download=${name} aria-label=${t("chat.files.save", { name, size: size(file.size) })}>
      ${image
        ? html`<img src=${url} alt=${name} decoding="async" onError=${() => setBroken(true)} />`
        : html`<${Icon} name="file" /><span class="coming-name">${name}</span> <span class="meta">${size(file.size)}</span>`}</a>
  </li>`;
}

/** @param {{files: ChatFile[] | undefined}} props */
export function Files({ files }) {
  if (!files?.length) return null;
  return html`<ul class="said-files">${files.map((file) => html`<${One} key=${file.id} file=${file} />`)}</ul>`;
}
