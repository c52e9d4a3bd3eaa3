// A native dialog that opens with its component and gives the focus back when it goes.

import { html } from "htm/preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "./i18n.js";
import { Icon } from "./icons.js";

/** The focus goes to what is marked `data-first`, else to the first field.
 * @param {{title: string, children: unknown, onClose: () => void}} props */
export function Dialog({ title, children, onClose }) {
  const id = useId();
  const dialog = /** @type {{current: HTMLDialogElement | null}} */ (useRef(null));
  useLayoutEffect(() => { // before the next key is heard
    const back = /** @type {HTMLElement | null} */ (document.activeElement);
    const shown = dialog.current;
    shown?.showModal();
    const first = shown?.querySelector("[data-first]")
      ?? shown?.querySelector(".dialog-body :is(input:checked, input, select, textarea)");
    /** @type {HTMLElement | null} */ (first ?? shown?.querySelector("h2") ?? null)?.focus();
    return () => {
      shown?.close();
      if (back?.isConnected) back.focus();
    };
  }, []);
  return html`<dialog class="dialog" ref=${dialog} aria-labelledby=${id} onClose=${onClose}>
    <div class="dialog-head">
      <h2 id=${id} tabindex="-1">${title}</h2>
      <button type="button" class="button quiet icon-only" onClick=${onClose}
        aria-label=${t("console.close")}><${Icon} name="close" /></button>
    </div>
    <div class="dialog-body">${children}</div>
  </dialog>`;
}
