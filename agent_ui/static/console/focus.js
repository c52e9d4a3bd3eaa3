// The focus is never lost: where the focused element goes away (an offer ends, a contact leaves, a
// narrow screen turns to another column), it moves to the next thing of the same region or dialog,
// to its heading, or to what is on screen now.

const ELSEWHERE = ["#case-title", ".contact[aria-current]", ".nothing h2", "#panel-title", "#contacts-title"];

/** Move the focus to where a selector leads once the screen is drawn anew: that takes a microtask
 * after a change, so this one goes behind it, and is done before the next key is heard. What is
 * typed at once goes where the focus goes.
 * @param {string} selector */
export function focusSoon(selector) {
  const go = () => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus();
  queueMicrotask(() => queueMicrotask(go));
}

/** Watch for lost focus. @param {HTMLElement} root */
export function keepFocus(root) {
  /** @type {Element | null} */
  let last = null;
  /** @type {Element[]} */
  let regions = [];
  let resting = false; // `last` is disabled for a moment: an answer is awaited

  root.addEventListener("focusin", (event) => {
    last = /** @type {Element} */ (event.target);
    resting = false;
    regions = [];
    for (let at = last.closest("[data-region]"); at; at = at.parentElement?.closest("[data-region]") ?? null) {
      regions.push(at);
    }
  });
  // Left on purpose (a click on nothing, another window): nothing to bring back. A removal takes
  // the focus away too, but by then the element is gone.
  root.addEventListener("focusout", (event) => {
    if (event.relatedTarget) return;
    setTimeout(() => {
      if (last && isThere(last) && !isDisabled(last) && document.activeElement !== last) last = null;
    });
  });
  new MutationObserver(() => {
    const active = document.activeElement;
    if (!last || (active && active !== last && active !== document.body && isThere(active))) return;
    if (!isThere(last)) {
      last = null;
      target(root, regions)?.focus();
    } else if (isDisabled(last)) resting = true;
    else if (resting) /** @type {HTMLElement} */ (last).focus();
  }).observe(root, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "data-view"],
  });
}

/** @param {Element} element */
function isThere(element) {
  return element.isConnected && element.checkVisibility();
}

/** @param {Element} element */
function isDisabled(element) {
  return element instanceof HTMLButtonElement && element.disabled;
}

/** @param {HTMLElement} root @param {Element[]} regions @returns {HTMLElement | undefined} */
function target(root, regions) {
  const dialog = root.querySelector("dialog[open] .dialog-body"); // nothing beside it takes the focus
  const near = (dialog ? [dialog, dialog.parentElement ?? dialog] : regions).map((one) => one.querySelector('[data-act]:not([disabled]), h2[tabindex="-1"]'));
  const others = ELSEWHERE.map((selector) => root.querySelector(selector));
  const found = [...near, ...others].find((one) => one && isThere(one));
  return /** @type {HTMLElement | undefined} */ (found);
}
