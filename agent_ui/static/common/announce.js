// Says to screen readers what happened elsewhere on the screen.

const GAP_MS = 150; // a region that changes twice at once is read once

/** @type {string[]} */
const waiting = [];
let busy = false;

/** Read a text aloud when the reader is free. Needs <p id="announcer" aria-live="polite">.
 * @param {string} text */
export function announce(text) {
  waiting.push(text);
  if (!busy) next();
}

function next() {
  const region = document.getElementById("announcer");
  const text = waiting.shift();
  busy = region !== null && text !== undefined;
  if (!region || text === undefined) return;
  // Emptied first, so that the same text twice is a change.
  region.textContent = "";
  setTimeout(() => {
    region.textContent = text;
    setTimeout(next, GAP_MS * 4);
  }, GAP_MS);
}
