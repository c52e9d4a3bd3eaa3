// What a person sets for this browser.

import { effect, signal } from "@preact/signals";

/** @typedef {object} Settings
 * @property {"system" | "light" | "dark"} theme
 * @property {boolean} sound of an offer
 * @property {boolean} soundMessages of a message in a contact that is not before the agent's eyes
 * @property {boolean} titleOffers the page's title says how many are offered
 * @property {boolean} titleMessages and in how many contacts there is something new
 * @property {boolean} shortcuts */

const KEPT = "contactcenter.settings"; // common/theme.js reads it too
/** @type {Settings} */
const DEFAULTS = {
  theme: "system", sound: false, soundMessages: false, titleOffers: true, titleMessages: true, shortcuts: true,
};

/** @returns {Settings} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return {
      theme: ["light", "dark"].includes(found.theme) ? found.theme : "system",
      sound: found.sound === true,
      soundMessages: found.soundMessages === true,
      titleOffers: found.titleOffers !== false,
      titleMessages: found.titleMessages !== false,
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
