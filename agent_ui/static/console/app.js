// The screen put together.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { Banner } from "./banner.js";
import { CasePanel } from "./case_panel.js";
import { CaseView } from "./case_view.js";
import { Contacts, Recent } from "./contacts.js";
import { Dialogs } from "./dialogs.js";
import { card, view } from "./model.js";
import { Leftovers, Notices } from "./notices.js";
import { Offers } from "./offers.js";
import { StateMenu } from "./state_menu.js";
import { TopBar } from "./top_bar.js";
import { NotArrived } from "./undelivered.js";

/** The whole console. */
export function App() {
  // A narrow screen shows one column: the list, where no case is open.
  const shown = card.value ? view.value : "list";
  return html`<div class="shell" data-view=${shown} data-open=${card.value !== null}>
    <a class="skip" href="#contacts-title">${t("console.skip.contacts")}</a>
    <a class="skip" href="#case">${t("console.skip.case")}</a>
    <${TopBar} />
    <${Banner} />
    <main class="columns">
      <nav class="side" aria-label=${t("console.side")}>
        <${StateMenu} /><${Offers} /><${Contacts} /><${NotArrived} /><${Leftovers} /><${Recent} />
      </nav>
      <${CaseView} />
      <${CasePanel} />
    </main>
    <${Notices} />
    <${Dialogs} />
  </div>`;
}
