// What a person sets for this browser.

import { effect, signal } from "@preact/signals";

/** @typedef {{theme: "system" | "light" | "dark", sound: boolean, shortcuts: boolean}} Settings */

const KEPT = "contactcenter.settings"; // common/theme.js reads it too
/** @type {Settings} */
const DEFAULTS = { theme: "system", sound: false, shortcuts: true };

/** @returns {Settings} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return {
      theme: ["light", "dark"].includes(found.theme) ? found.theme : "system",
      sound: found.sound === true,
      shortcuts: found.shortcuts !== false,
    };
  } catch {
    return DEFAULTS;
  }
}

export const settings = signal(kept());

/** Change one setting and keep it. @param {Partial<Settings>} change */
export function set(change) {
  settings.value = { ...settings.value, ...change };
  localStorage.setItem(KEPT, JSON.stringify(settings.value));
}

effect(() => {
  const { theme } = settings.value;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
});

// Another tab of the same browser.
addEventListener("storage", (event) => {
  if (event.key === KEPT) settings.value = kept();
});
