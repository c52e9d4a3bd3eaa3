// Where a case was opened by open feedback: what it is about, and the decision that its giver sees.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../common/announce.js";
import { dateTime } from "../common/format.js";
import { named, t } from "../common/i18n.js";
import * as api from "./api.js";
import { online } from "./model.js";

/** @import {Card, OpenFeedback, Settled} from "./types.js" */

const DECISIONS = ["done", "planned", "no"];

/** @param {{name: string, children: unknown}} props */
function Fact({ name, children }) {
  return html`<div class="whole"><dt>${name}</dt><dd>${children}</dd></div>`;
}

/** @param {{item: OpenFeedback}} props */
function Facts({ item }) {
  return html`<dl class="fact-list">
    <${Fact} name=${t("open_feedback.kind")}>${t(`open_feedback.kind.${item.kind}`)} (${t(`open_feedback.via.${item.via}`)})</${Fact}>
    <${Fact} name=${t("open_feedback.about")}>${t(`open_feedback.about.${item.about}`)}</${Fact}>
    ${item.service && html`<${Fact} name=${t("open_feedback.service")}>${named(item.service, "")}</${Fact}>`}
    ${item.place && html`<${Fact} name=${t("open_feedback.place")}><span dir="auto">${item.place}</span></${Fact}>`}
    ${item.lat !== null && html`<${Fact} name=${t("open_feedback.coordinates")}>${item.lat}, ${item.long}</${Fact}>`}
    ${item.media_url && html`<${Fact} name=${t("open_feedback.media")}><span class="address">${item.media_url}</span></${Fact}>`}
    ${item.decided_at && html`<${Fact} name=${t("open_feedback.decided")}>${dateTime(item.decided_at)}${item.decided_by && `, ${item.decided_by}`}</${Fact}>`}
  </dl>`;
}

/** @param {{label: string, on: boolean, set: (value: boolean) => void, hint?: string}} props */
function Tick({ label, on, set, hint }) {
  return html`<label class="choice"><input type="checkbox" checked=${on} aria-describedby=${hint}
    onChange=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => set(event.currentTarget.checked)} /> ${label}</label>`;
}

/** @param {{item: OpenFeedback, save: (settled: Settled) => void}} props */
function Settle({ item, save }) {
  const [decision, setDecision] = useState(item.decision ?? "");
  const [reason, setReason] = useState(item.reason);
  const [shown, setShown] = useState(item.public_text !== null);
  const [text, setText] = useState(item.public_text ?? item.text);
  const [place, setPlace] = useState(item.public_place);
  const [point, setPoint] = useState(item.public_point);
  const [media, setMedia] = useState(item.public_media);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    save({ decision: decision || null, reason, public_text: shown ? text : null,
      public_place: place, public_point: point, public_media: media });
  };
  /** @param {(value: string) => void} set */
  const typed = (set) => (/** @type {{currentTarget: {value: string}}} */ event) => set(event.currentTarget.value);
  return html`<form class="feedback-form" onSubmit=${submit}>
    <div class="field"><label for="feedback-decision">${t("open_feedback.decision")}</label>
      <select id="feedback-decision" value=${decision} onChange=${typed(setDecision)}>
        <option value="">${t("open_feedback.decision.none")}</option>
        ${DECISIONS.map((one) => html`<option key=${one} value=${one}>${t(`open_feedback.decision.${one}`)}</option>`)}
      </select></div>
    <div class="field"><label for="feedback-reason">${t("open_feedback.reason")}</label>
      <p class="meta" id="feedback-reason-hint">${t("open_feedback.reason_hint")}</p>
      <textarea id="feedback-reason" rows="3" maxlength="2000" aria-describedby="feedback-reason-hint" value=${reason} onInput=${typed(setReason)} /></div>
    <div class="field"><${Tick} label=${t("open_feedback.publish")} on=${shown} set=${setShown} hint="feedback-public-hint" />
      <p class="meta" id="feedback-public-hint">${t("open_feedback.public_hint")}</p></div>
    ${shown && html`<div class="field"><label for="feedback-public">${t("open_feedback.public_text")}</label>
      <textarea id="feedback-public" rows="4" maxlength="10000" value=${text} onInput=${typed(setText)} /></div>
    <div class="field"><label for="feedback-place">${t("open_feedback.public_place")}</label>
      <p class="meta" id="feedback-place-hint">${t("open_feedback.public_place_hint")}</p>
      <input id="feedback-place" maxlength="300" autocomplete="off" aria-describedby="feedback-place-hint" value=${place} onInput=${typed(setPlace)} /></div>
    ${item.lat !== null && html`<div class="field"><${Tick} label=${t("open_feedback.public_point")} on=${point} set=${setPoint} /></div>`}
    ${item.media_url && html`<div class="field"><${Tick} label=${t("open_feedback.public_media")} on=${media} set=${setMedia} /></div>`}`}
    <button class="button small" data-act="settle-feedback" disabled=${!online.value}>${t("open_feedback.save")}</button>
  </form>`;
}

/** @param {{card: Card}} props */
export function FeedbackPart({ card: { case: number } }) {
  const [item, setItem] = useState(/** @type {OpenFeedback | null} */ (null));
  const [failed, setFailed] = useState("");
  useEffect(() => {
    let mine = true;
    api.openFeedback(number).then((told) => mine && setItem(told), () => {});
    return () => { mine = false; };
  }, [number]);
  if (!item) return null;
  /** @param {Settled} settled */
  const save = async (settled) => {
    try {
      setItem(await api.settleFeedback(number, { ...settled, seen: item.changed_at }));
      setFailed("");
      announce(t("open_feedback.saved"));
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  return html`<section class="feedback-part" aria-labelledby="feedback-title">
    <h3 id="feedback-title">${t("open_feedback.part")}</h3>
    <${Facts} item=${item} />
    ${failed && html`<p class="field-error" role="alert">${failed}</p>`}
    <${Settle} item=${item} save=${save} />
  </section>`;
}
