// A button that opens a list of choices: arrow keys, Escape and Tab work as readers expect.

import { html } from "htm/preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

/** @typedef {{key: string, content: unknown, checked?: boolean, act: () => void}} Item */

/** @param {object} props
 * @param {string} props.name found by shortcuts as data-menu
 * @param {string} props.label the list's name
 * @param {unknown} props.children the button's content
 * @param {Item[]} props.items
 * @param {string} [props.class] of the button
 * @param {string} [props.keys] aria-keyshortcuts
 * @param {boolean} [props.disabled] */
export function Menu({ name, label, children, items, class: look, keys, disabled }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const list = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const button = /** @type {{current: HTMLButtonElement | null}} */ (useRef(null));

  useLayoutEffect(() => {  // before the next key, which would close the list again
    if (open) (choices().find((one) => one.ariaChecked === "true") ?? choices()[0])?.focus();
  }, [open]);

  /** @returns {HTMLElement[]} */
  const choices = () => [...(list.current?.querySelectorAll("button") ?? [])];

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const all = choices();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") close();
    else if (event.key === "Tab") return setOpen(false);
    else if (to === undefined) return;
    else all[(to + all.length) % all.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  /** @param {FocusEvent} event */
  const left = (event) => {
    if (!list.current?.contains(/** @type {Node | null} */ (event.relatedTarget))) setOpen(false);
  };

  return html`<div class="menu">
    <button
      type="button" class=${look} ref=${button} data-menu=${name} disabled=${disabled}
      aria-haspopup="menu" aria-expanded=${open} aria-controls=${open ? id : undefined}
      aria-keyshortcuts=${keys} onClick=${() => setOpen(!open)}
    >${children}</button>
    ${open && html`<div class="menu-list" role="menu" id=${id} aria-label=${label} ref=${list}
      onKeyDown=${move} onFocusOut=${left}>
      ${items.map((one) => html`<button
        key=${one.key} type="button" tabindex="-1" data-key=${one.key}
        role=${one.checked === undefined ? "menuitem" : "menuitemradio"}
        aria-checked=${one.checked === undefined ? undefined : String(one.checked)}
        onClick=${() => { close(); one.act(); }}
      >${one.content}</button>`)}
    </div>`}
  </div>`;
}
