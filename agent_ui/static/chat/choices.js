// Answers that the agent lets the citizen press instead of typing. They stand under the newest
// message alone: whatever is written after it, by either side, takes their place.

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { announce } from "../common/announce.js";
import { t } from "../common/i18n.js";
import { arriving, going, state, unsent } from "./model.js";
import { fresh, sendDue } from "./sending.js";
import { choicesOf } from "./store.js";

/** Answer with it, as if it had been typed. @param {string} text */
function answer(text) {
  unsent.value = [...unsent.value, { client_id: fresh(), text, at: new Date().toISOString(), error: null }];
  sendDue();
  document.getElementById("composer")?.focus(); // the button is gone
}

/** The buttons, while the question is open. */
export function Choices() {
  const choices = going.value ? choicesOf(state.value.messages, unsent.value) : [];
  const asked = choices.join(", ");
  useEffect(() => {
    if (asked && !arriving.peek()) announce(t("chat.choices.say", { choices: asked }));
  }, [asked]);
  if (!choices.length) return null;
  return html`<div class="choices" role="group" aria-label=${t("chat.choices.title")}>
    ${choices.map((one) => html`<button key=${one} type="button" class="button small" dir="auto" data-act="choose"
      onClick=${() => answer(one)}>${one}</button>`)}
  </div>`;
}
