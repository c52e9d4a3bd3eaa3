// The pages that this user may go to, as the server named them; a menu that needs no script of ours.

import { html } from "htm/preact";
import { t } from "./i18n.js";
import { Icon } from "./icons.js";

/** @typedef {{href: string, key: string, current: string}} Place */

/** @returns {Place[]} */
function named() {
  return JSON.parse(document.getElementById("app")?.dataset.places || "[]");
}

/** The button and what it opens: pages, and my account. */
export function Places() {
  /** @type {Place[]} */
  const all = [...named(), { href: "/account", key: "console.account", current: "" }];
  return html`<button type="button" class="button quiet tool places-button" popovertarget="places" title=${t("page.menu")}>
      <${Icon} name="menu" /><span class="places-label">${t("page.menu")}</span></button>
    <nav id="places" class="places" popover="auto" aria-label=${t("page.nav")}><ul>
      ${all.map(({ href, key, current }) => html`<li key=${href}><a href=${href} aria-current=${current || undefined}>${t(key)}</a></li>`)}
    </ul></nav>`;
}
