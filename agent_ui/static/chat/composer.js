// Where the citizen writes.

import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { count, t } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { Attached, AttachButton, pasted, useDrop } from "./attach.js";
import { type } from "./chat.js";
import { hasFiles, isComing, mostBytes, sayWithFiles } from "./files.js";
import { draft, lengthOf, MOST } from "./model.js";

/** The text box: Enter sends, Shift and Enter begins a line, and what an input method is still
 * composing is left alone. */
export function Composer() {
  const box = /** @type {{current: HTMLTextAreaElement | null}} */ (useRef(null));
  const text = draft.value;
  const tooLong = lengthOf(text) > MOST;
  const over = useDrop();
  const waits = isComing();
  const nothing = !text.trim() && !hasFiles();
  const back = () => box.current?.focus();
  const send = () => {
    if (!nothing && !tooLong && !waits) sayWithFiles();
    back();
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    send();
  };
  return html`<section class="composer" aria-label=${t("chat.composer.label")} data-dropping=${over}>
    <${Attached} back=${back} />
    <div class="composer-row">
      <textarea id="composer" ref=${box} data-first rows="1" value=${text} aria-label=${t("chat.composer.label")}
        placeholder=${t("chat.composer.label")} aria-invalid=${tooLong}
        aria-describedby=${tooLong ? "composer-hint composer-error" : "composer-hint"} enterkeyhint="send"
        onInput=${(/** @type {{currentTarget: HTMLTextAreaElement}} */ event) => type(event.currentTarget.value)}
        onKeyDown=${key} onPaste=${pasted}></textarea>
      ${mostBytes() > 0 && html`<${AttachButton} />`}
      <button type="button" class="button primary send" data-act="send" aria-label=${t("chat.composer.send")}
        title=${t("chat.composer.send")} aria-disabled=${nothing || tooLong || waits} onClick=${send}><${Icon} name="send" /></button>
    </div>
    ${tooLong && html`<p class="field-error" id="composer-error" role="alert">${t("chat.message.too_long", { n: count(lengthOf(text)), most: count(MOST) })}</p>`}
    <p class="hint" id="composer-hint">${t(waits ? "chat.files.wait" : "chat.composer.hint")}</p>
  </section>`;
}
