// Keeps a case's page as the matter stands: it is asked for again, seldom, while somebody looks, and
// what stands in #matter is put in place where it has changed. What is being written stays.

import { linkAll } from "./links.js";

const EVERY_MS = 15_000;
const MOST_MS = 300_000;
const matter = /** @type {HTMLElement} */ (document.getElementById("matter"));
const live = /** @type {HTMLElement} */ (document.getElementById("live"));
// What was refused, or kept beside what was done, stands at a form's address, not at the page's.
const place = /** @type {string} */ (matter.dataset.place);
let tag = matter.dataset.tag;
let pause = EVERY_MS;

/** @param {string} html */
function take(html) {
  const now = new DOMParser().parseFromString(html, "text/html").getElementById("matter");
  if (!now) throw new Error("no matter in the answer");
  tag = now.dataset.tag;
  const focused = matter.contains(document.activeElement) ? document.activeElement?.id : undefined;
  matter.replaceChildren(...now.childNodes);
  linkAll(matter);
  if (focused !== undefined) (document.getElementById(focused) ?? document.getElementById("main"))?.focus({ preventScroll: true });
  live.textContent = "";
  // In a turn of its own: the same words once more are a change then, and are said again.
  setTimeout(() => (live.textContent = live.dataset.changed ?? ""), 100);
}

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(place, {
        headers: { Accept: "text/html", "If-None-Match": `"${tag}"` },
        cache: "no-store",
        redirect: "error",
      });
      if (answer.status === 404 || answer.status === 410) {
        location.replace(place);
        return;
      }
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(String(answer.status));
        take(await answer.text());
      }
      pause = EVERY_MS;
    } catch {
      pause = Math.min(2 * pause, MOST_MS);
    }
  }
  setTimeout(look, pause);
}

setTimeout(look, pause);
