// All that is known of the person of a contact in hand, read when it is opened: each look is noted.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { languageName, wholeDay } from "../common/format.js";
import { t } from "../common/i18n.js";
import * as api from "./api.js";
import { state } from "./model.js";
import { KnownAddresses } from "./person_addresses.js";
import { KnownCases, KnownFeedback } from "./person_cases.js";
import { SamePerson } from "./person_same.js";

/** @import {Card, Known} from "./types.js" */

/** @param {{known: Known}} props */
function Facts({ known }) {
  const others = known.names.filter((one) => one !== known.name);
  return html`<dl class="fact-list">
    <div class="whole"><dt>${t("console.known.name")}</dt><dd>${known.name || t("console.person.unknown")}</dd></div>
    ${others.length > 0 && html`<div class="whole"><dt>${t("console.known.also")}</dt><dd>${others.join(", ")}</dd></div>`}
    ${known.language && html`<div><dt>${t("console.known.language")}</dt><dd>${languageName(known.language)}</dd></div>`}
    ${known.channel && html`<div><dt>${t("console.known.channel")}</dt><dd>${t(`channel.${known.channel}`)}</dd></div>`}
    <div class="whole"><dt>${t("console.known.since")}</dt><dd>${wholeDay(known.since.slice(0, 10))}</dd></div>
  </dl>`;
}

/** @param {{card: Card}} props */
export function PersonView({ card }) {
  const [known, setKnown] = useState(/** @type {Known | null} */ (null));
  const [failed, setFailed] = useState("");
  const [open, setOpen] = useState(false);
  const id = card.person?.id ?? "";
  const load = () =>
    api.person(id, card.contact).then(
      (told) => { setKnown(told); setFailed(""); },
      (error) => setFailed(error instanceof Error ? error.message : String(error)),
    );
  // Anew when somebody says that it is the same person as another, and when the agent corrected who it is.
  const told = state.value.merges[card.contact];
  useEffect(() => {
    if (open) load();
  }, [open, id, told, card.person?.protected]);
  /** Do or ask something, then say so; what `changes` the person is read anew, which is noted each time.
   * @param {() => Promise<unknown>} act @param {string} done @param {boolean} [changes] */
  const after = async (act, done, changes = true) => {
    try {
      await act();
      setFailed("");
      announce(t(done));
      if (changes) await load();
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  return html`<details class="known" onToggle=${(/** @type {{currentTarget: HTMLDetailsElement}} */ event) => setOpen(event.currentTarget.open)}>
    <summary>${t("console.known.title")}</summary>
    ${failed && html`<p class="field-error" role="alert">${failed}</p>`}
    ${known
      ? html`<${Facts} known=${known} />
        <${KnownAddresses} known=${known} after=${after} />
        <${KnownCases} known=${known} current=${card.case} />
        <${KnownFeedback} known=${known} />
        <${SamePerson} known=${known} after=${after} />`
      : !failed && html`<p role="status">${t("console.loading")}</p>`}
  </details>`;
}
