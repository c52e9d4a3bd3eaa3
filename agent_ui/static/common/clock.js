// A signal that moves once a second, for whatever counts on screen.

import { signal } from "@preact/signals";

/** Monotonic milliseconds: not moved by a change of the computer's clock. */
export const tick = signal(performance.now());

setInterval(() => {
  tick.value = performance.now();
}, 1000);

document.addEventListener("visibilitychange", () => {
  tick.value = performance.now();
});
