// How far the citizen has seen: counted beside the button, and told to the agent.

import { effect } from "@preact/signals";
import { seen, shown, state } from "./model.js";
import { send } from "./sending.js";

let told = 0;

/** Tell the agent how far, also of a page that came back. */
export function tellAgain() {
  told = 0;
  tell();
}

function tell() {
  const newest = seen.value;
  if (newest > told && send({ type: "read", seq: newest })) told = newest;
}

function see() {
  const newest = state.value.messages.findLast((one) => one.direction === "outbound")?.seq ?? 0;
  if (shown.value && !document.hidden && newest > seen.peek()) seen.value = newest;
}

effect(see);
effect(tell);
document.addEventListener("visibilitychange", see);
