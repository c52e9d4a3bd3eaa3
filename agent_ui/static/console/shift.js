// The end of my shift: nothing new is offered, and what is open is finished or handed back first.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { t, tn } from "../common/i18n.js";
import { Icon } from "../common/icons.js";
import { isByHand } from "./channels.js";
import { ask, open, setState } from "./desk.js";
import { focusSoon } from "./focus.js";
import { dialog, finishing, isAsked, mine, online, state, view } from "./model.js";
import { personName, queueName } from "./react.js";

/** @import {Card} from "./types.js" */

const end = () => {
  dialog.value = null;
};

/** Why a contact can't be handed back, as the server would say; null: it can. @param {Card} card */
export function kept(card) {
  if (card.state === "wrap_up") return "wrap_up";
  if (card.channel === "chat") return card.here ? "live" : null;
  if (card.channel === "callback") return card.callback?.dialled_at ? "live" : null;
  return isByHand(card) ? (card.channel === "letter" ? "by_hand" : "live") : null;
}

/** Go to where it is finished. @param {Card} card */
function finish(card) {
  end();
  open(card.contact);
  if (card.state !== "wrap_up") return focusSoon("#case-title");
  view.value = "panel";
  finishing.value = card.contact;
  focusSoon(".wrap-up input, .wrap-up select");
}

/** @param {{card: Card}} props */
function Left({ card }) {
  const [note, setNote] = useState("");
  const why = kept(card);
  const id = `hand-back-${card.contact}`;
  const busy = isAsked("hand_back", card.contact) || !online.value;
  const back = () => {
    const said = note.trim() ? { note: note.trim() } : {};
    ask("hand_back", card.contact, { contact: card.contact, ...said });
  };
  return html`<li class="left-open" data-left=${card.contact}>
    <p><${Icon} name=${card.channel} /><strong>${personName(card)}</strong>
      <span class="meta"> ${t(`channel.${card.channel}`)}, ${queueName(card.queue)}</span></p>
    ${why
      ? html`<p class="meta">${t(`console.shift.${why}`)}</p>`
      : html`<div class="field"><label for=${id}>${t("console.shift.note")}</label>
          <input id=${id} maxlength="2000" value=${note} autocomplete="off"
            onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setNote(event.currentTarget.value)} /></div>`}
    <div class="row">
      ${!why && html`<button type="button" class="button small" data-act="hand-back" disabled=${busy}
        onClick=${back}>${t("console.shift.hand_back")}</button>`}
      <button type="button" class="button small" data-act="finish" onClick=${() => finish(card)}>${t("console.shift.finish")}</button>
    </div>
  </li>`;
}

/** The dialog: what follows, what is open, the end. */
export function ShiftDialog() {
  const cards = mine.value;
  const ending = state.value.status?.reason === "shift_ending";
  const done = () => {
    ask("end_shift", "", {});
    if (!cards.length) end();
  };
  const goOn = () => {
    setState("available");
    end();
  };
  const waits = ending && cards.length > 0;
  useEffect(() => { // the button that was pressed rests now
    if (waits) focusSoon(".left-open :is(input, button)");
  }, [waits]);
  return html`<${Dialog} title=${t("console.shift.title")} onClose=${end}>
    <p>${t(cards.length ? "console.shift.explained" : "console.shift.nothing_open")}</p>
    ${cards.length > 0 && html`<h3>${tn("console.shift.open", cards.length)}</h3>
      ${ending ? html`<ul class="plain stack">${cards.map((card) => html`<${Left} key=${card.contact} card=${card} />`)}</ul>` : null}`}
    <div class="actions">
      <button type="button" class="button primary" data-act="end-shift" data-first=${!waits}
        disabled=${!online.value || waits || isAsked("end_shift", "")} onClick=${done}>
        ${t(cards.length && !ending ? "console.shift.stop_offers" : "console.shift.end")}</button>
      ${ending
        ? html`<button type="button" class="button" onClick=${goOn}>${t("console.shift.go_on")}</button>`
        : html`<button type="button" class="button" onClick=${end}>${t("console.cancel")}</button>`}
    </div>
  </${Dialog}>`;
}
