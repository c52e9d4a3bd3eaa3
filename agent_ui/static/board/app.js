// The screen put together.

import { html } from "htm/preact";
import { t } from "../common/i18n.js";
import { Age, Banner, Today } from "./age_line.js";
import { Agents, many } from "./agents.js";
import { Ahead } from "./ahead.js";
import { choose } from "./choices.js";
import { connection, organisation, organisationName, organisations, ready, stale, wall } from "./model.js";
import { Outlook } from "./outlook.js";
import { Pulse } from "./pulse.js";
import { Gaps } from "./gaps.js";
import { Queues } from "./queues.js";
import { TopBar } from "./top_bar.js";
import { Wall } from "./wall.js";

/** Which organisation's figures; nothing where there is one only. */
function Organisation() {
  if (organisations.value.length < 2) return null;
  return html`<label class="choose"><span>${t("form.organisation")}</span>
    <select id="organisation" value=${organisation.value}
      onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => choose({ organisation: event.currentTarget.value })}>
      <option value="">${t("board.all_organisations")}</option>
      ${organisations.value.map((key) => html`<option key=${key} value=${key}>${organisationName(key)}</option>`)}
    </select></label>`;
}

/** The shape of what will be there. */
function Skeleton() {
  return html`<div class="skeleton" aria-busy="true"><p class="hidden" role="status">${t("board.loading")}</p>
    <div class="pulse" aria-hidden="true">${[1, 2, 3, 4, 5].map((n) => html`<div key=${n} class="tile"></div>`)}</div>
    <div class="blank" aria-hidden="true"></div></div>`;
}

function Desk() {
  // Who may no longer watch sees no figures, not even old ones.
  const forbidden = connection.value.link === "forbidden";
  return html`<div class="board-page">
    ${ready.value && !forbidden && html`<a class="skip" href="#queues-title">${t("board.skip.queues")}</a>
    <a class="skip" href="#agents-title">${t("board.skip.agents")}</a>`}
    <${TopBar} />
    <main id="main" tabindex="-1">
      <${Banner} />
      <div class="board-main" data-stale=${stale.value} data-many=${many.value}>
        ${!forbidden && (ready.value
          ? html`<div class="line"><${Age} /><${Today} /><${Organisation} /></div>
            <${Gaps} /><${Pulse} /><div class="halves"><${Queues} /><${Agents} /></div><${Outlook} /><${Ahead} />`
          : html`<${Skeleton} />`)}
      </div>
    </main>
  </div>`;
}

/** The whole board. */
export function App() {
  return wall.value && ready.value && connection.value.link !== "forbidden" ? html`<${Wall} />` : html`<${Desk} />`;
}

