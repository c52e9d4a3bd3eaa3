// A supervisor ends the shift of an agent who forgot to.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Dialog } from "../common/dialog.js";
import { t } from "../common/i18n.js";
import { agents, staffOf } from "./model.js";

/** @param {string} agent @returns {Promise<string>} what the server says against it, empty where it is done */
async function end(agent) {
  try {
    const answer = await fetch(`/api/agents/${encodeURIComponent(agent)}/end-shift`, {
      method: "POST", headers: { Accept: "application/json" },
    });
    if (answer.ok) return "";
    return (await answer.json().catch(() => ({}))).message ?? `${answer.status}`;
  } catch {
    return t("console.no_answer");
  }
}

/** @param {{onClose: () => void, onDone: (name: string) => void}} props */
function Form({ onClose, onDone }) {
  const mine = agents.value.filter((one) => staffOf.value.includes(one.organisation));
  const there = mine.filter((one) => one.state !== "offline").toSorted((a, b) => a.name.localeCompare(b.name));
  const [agent, setAgent] = useState("");
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    const said = await end(agent);
    setBusy(false);
    setRefused(said);
    if (!said) onDone(there.find((one) => one.agent === agent)?.name ?? "");
  };
  return html`<${Dialog} title=${t("board.end_shift")} onClose=${onClose}>
    <form onSubmit=${submit}>
      <p>${t("board.end_shift.explained")}</p>
      <div class="field"><label for="end-shift-agent">${t("waiting.pull_for")}</label>
        <select id="end-shift-agent" required value=${agent}
          onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => setAgent(event.currentTarget.value)}>
          <option value="">${t("console.decline.choose")}</option>
          ${there.map((one) => html`<option key=${one.agent} value=${one.agent}>${one.name}</option>`)}
        </select></div>
      <div role="alert">${refused && html`<p class="field-error">${refused}</p>`}</div>
      <div class="actions">
        <button type="submit" class="button primary" data-act="end-shift" disabled=${busy}>${t("board.end_shift.yes")}</button>
        <button type="button" class="button" onClick=${onClose}>${t("console.cancel")}</button>
      </div>
    </form>
  </${Dialog}>`;
}

/** The way to it, and what came of it. */
export function EndShift() {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState("");
  const close = () => setOpen(false);
  /** @param {string} name */
  const ended = (name) => {
    setDone(t("board.end_shift.done", { agent: name }));
    close();
  };
  return html`<button type="button" class="button small quiet" data-act="begin-end-shift" onClick=${() => setOpen(true)}>
      ${t("board.end_shift")}…</button>
    <span role="status" class="meta">${done}</span>
    ${open && html`<${Form} onClose=${close} onDone=${ended} />`}`;
}
