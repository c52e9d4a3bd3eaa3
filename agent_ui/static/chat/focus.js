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

/** The same wherever one thing goes away by itself: a question that is settled, a try that worked.
 * Who pressed beside everything has let go of the focus. @param {HTMLElement} root */
export function guardFocus(root) {
  /** @type {EventTarget | null} */
  let last = null;
  root.addEventListener("focusin", ({ target }) => (last = target));
  document.addEventListener("pointerdown", () => (last = null), true);
  new MutationObserver(() => {
    if (!last || root.contains(/** @type {Node} */ (last))) return;
    last = null;
    keepFocus(root);
  }).observe(root, { childList: true, subtree: true });
}
