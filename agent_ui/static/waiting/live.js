// Keeps the list of who waits as it is: the page is asked for again, and its rows are put in place.
// Who reads by keyboard or is on a link stays there; while the tab hides nothing is asked for.

const EVERY_MS = 2_000;
const list = /** @type {HTMLElement} */ (document.getElementById("who-waits"));
const live = /** @type {HTMLElement} */ (document.getElementById("live"));

/** @param {string | undefined} text */
function say(text) {
  if (text && live.textContent !== text) live.textContent = text;
}

/** @param {string} html */
function take(html) {
  const now = new DOMParser().parseFromString(html, "text/html").getElementById("who-waits");
  if (!now) throw new Error("no list in the answer");
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const region = focused?.getAttribute("role") === "region";
  const at = list.querySelector(".scroll")?.scrollLeft ?? 0;
  list.replaceChildren(...now.childNodes);
  const scroll = /** @type {HTMLElement | null} */ (list.querySelector(".scroll"));
  if (scroll) scroll.scrollLeft = at;
  if (!focused) return;
  // Who was looked at may be gone: then the list itself has the focus.
  const same = region ? null : document.getElementById(focused.id);
  (same ?? scroll ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.text());
      say(live.dataset.live);
      live.dataset.state = "live";
    } catch {
      say(live.dataset.old);
      live.dataset.state = "old";
    }
  }
  setTimeout(look, EVERY_MS);
}

say(live.dataset.live);
setTimeout(look, EVERY_MS);
