// The focus is never lost: where the focused element goes away (an offer ends, a contact leaves),
// it moves to the next thing of the same region, or to the region's heading.

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
  // Left on purpose (a click on nothing, another window): nothing to bring back.
  root.addEventListener("focusout", (event) => {
    if (last?.isConnected && !event.relatedTarget && !isDisabled(last)) last = null;
  });
  new MutationObserver(() => {
    const active = document.activeElement;
    if (!last || (active && active !== document.body)) return;
    if (last.isConnected && !isDisabled(last)) return;
    last = null;
    const region = regions.find((one) => one.isConnected) ?? root.querySelector("main");
    target(region)?.focus();
  }).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

/** @param {Element} element */
function isDisabled(element) {
  return element instanceof HTMLButtonElement && element.disabled;
}

/** @param {Element | null | undefined} region @returns {HTMLElement | null} */
function target(region) {
  return (
    region?.querySelector('[data-act]:not([disabled]), h2[tabindex="-1"]') ??
    /** @type {HTMLElement | null | undefined} */ (region) ??
    null
  );
}
