// The page's start, the form, how far it is, and cancelling.

import { html, render } from "htm/preact";
import { setLanguage, t } from "../common/i18n.js";
import { Answer } from "./answer.js";
import { No, ask } from "./ask.js";
import { next } from "./numbers.js";

/** @import {Question} from "./types.js" */

/** @template {HTMLElement} T @param {string} id @returns {T} */
const found = (id) => /** @type {T} */ (document.getElementById(id));

/** @type {AbortController | null} */
let running = null;

/** @param {FormData} form @returns {Question} */
function question(form) {
  const text = (/** @type {string} */ name) => String(form.get(name) ?? "");
  return {
    day: text("day"),
    agents: Math.trunc(Number(text("agents"))),
    skill: text("skill"),
    queue: text("queue"),
    channel: text("channel"),
    percent: Number(text("percent")),
    seconds: Number(text("seconds")),
  };
}

/** @param {boolean} is */
function busy(is) {
  found("cancel").hidden = !is;
  found("progress").hidden = !is;
  found("ask").toggleAttribute("aria-disabled", is);
  if (is) found("ask").setAttribute("aria-disabled", "true");
  if (is) found("progress").removeAttribute("value"); // nothing is known yet of how far it is
}

/** @param {number} done @param {number} of */
function told(done, of) {
  const bar = /** @type {HTMLProgressElement} */ (found("progress"));
  bar.max = of;
  bar.value = done;
  if (done === 1 || done * 2 === of) found("said").textContent = t("whatif.simulated", { done, of });
}

/** What is wrong, and of which field; today's rest may be too little, and tomorrow not.
 * @param {string} text */
function problem(text, field = "") {
  found("problem").textContent = text;
  found("problem").hidden = !text;
  for (const one of document.querySelectorAll("#question [aria-invalid]")) one.removeAttribute("aria-invalid");
  found("tomorrow").hidden = !(field === "day" && dayField().value === dayField().defaultValue);
  const wrong = field && document.getElementById(field);
  if (!wrong) return;
  wrong.setAttribute("aria-invalid", "true");
  wrong.focus();
}

/** Ask the same of another day. @param {string} day */
function askOf(day) {
  dayField().value = day;
  /** @type {HTMLFormElement} */ (found("question")).requestSubmit();
}

/** @returns {HTMLInputElement} */
const dayField = () => found("day");

/** @param {SubmitEvent} event */
async function submitted(event) {
  event.preventDefault();
  if (running) return;
  running = new AbortController();
  problem("");
  busy(true);
  found("said").textContent = t("whatif.working");
  try {
    const answer = await ask(question(new FormData(found("question"))), running.signal, told);
    render(html`<${Answer} answer=${answer} ask=${askOf} />`, found("answer"));
    found("said").textContent = t("whatif.done");
    document.getElementById("figures-title")?.focus();
  } catch (error) {
    const cancelled = error instanceof DOMException && error.name === "AbortError";
    found("said").textContent = cancelled ? t("whatif.cancelled") : "";
    if (error instanceof No) problem(error.message, error.field);
    else if (!cancelled) problem(t("whatif.failed"));
  } finally {
    running = null;
    busy(false);
  }
}

async function begin() {
  const form = document.getElementById("question");
  if (!form) return;
  await setLanguage(document.documentElement.lang);
  form.addEventListener("submit", submitted);
  found("tomorrow").addEventListener("click", () => askOf(next(dayField().value)));
  found("cancel").addEventListener("click", () => {
    running?.abort();
    found("ask").focus();
  });
}

begin().catch(() => problem("JavaScript"));
