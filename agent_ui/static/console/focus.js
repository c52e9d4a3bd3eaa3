// The focus is never lost: where the focused element goes away (an offer ends, a contact leaves, a
// narrow screen turns to another column), it moves to the next thing of the same region, to the
// region's heading, or to what is on screen now.

const ELSEWHERE = ["#case-title", ".contact[aria-current]", ".nothing h2", "#panel-title", "#contacts-title"];

/** Watch for lost focus. @param {HTMLElement} root */
export function keepFocus(root) {
  /** @type {Element | null} */
  let last = null;
  /** @type {Element[]} */
  let regions = [];
  root.addEventListener("focusin", (event) => {
    last = /** @type {Element} */ (event.target);
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
      if (last && isUsable(last) && document.activeElement !== last) last = null;
    });
  });
  new MutationObserver(() => {
    const active = document.activeElement;
    if (!last || (active && active !== document.body)) return;
    if (isUsable(last)) return;
    last = null;
    target(root, regions)?.focus();
  }).observe(root, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "data-view"],
  });
}

/** @param {Element} element */
function isUsable(element) {
  const disabled = element instanceof HTMLButtonElement && element.disabled;
  return element.isConnected && !disabled && element.checkVisibility();
}

/** @param {HTMLElement} root @param {Element[]} regions @returns {HTMLElement | undefined} */
function target(root, regions) {
  const near = regions.map((one) => one.querySelector('[data-act]:not([disabled]), h2[tabindex="-1"]'));
  const others = ELSEWHERE.map((selector) => root.querySelector(selector));
  const found = [...near, ...others].find((one) => one && isUsable(one));
  return /** @type {HTMLElement | undefined} */ (found);
}
