// Where the keyboard is. Nobody is left nowhere when what they were in goes away.

/** Where writing or reading goes on. @param {HTMLElement} root */
export function focusFirst(root) {
  /** @type {HTMLElement | null} */ (root.querySelector("[data-first]"))?.focus();
}

/** Where the focus went with what was removed, put it where the new screen begins; a reader who is
 * elsewhere, or on the page around us, stays there. @param {HTMLElement} root */
export function keepFocus(root) {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (lost && document.hasFocus()) focusFirst(root);
}
