// Below the head while something is wrong with the connection.

import { html } from "htm/preact";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { reconnect } from "./chat.js";
import { going, link, state, unsent } from "./model.js";

/** The connection's trouble, if any; nobody is told that all is well. */
export function Banner() {
  const now = link.value;
  const trouble = (now === "offline" || now === "crowded") && going.value && state.value.phase !== "connecting";
  const waiting = unsent.value.filter((one) => one.error === null).length;
  return html`<div role="status" class="banner-place">
    ${trouble && html`<div class="banner" data-trouble=${now}>
      <${Icon} name="alert" />
      <p class="grow"><strong>${t(`chat.link.${now}`)}</strong> ${t("chat.link.lead")}
        ${waiting > 0 && html` ${tn("chat.link.unsent", waiting)}`}</p>
      <button type="button" class="button small" onClick=${reconnect}>${t("chat.link.now")}</button>
    </div>`}
  </div>`;
}
