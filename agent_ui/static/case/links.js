// Makes the addresses in what was said links, by the chat's own rules; without script they are text.

import { pieces } from "../common/links.js";

/** @param {string} text @param {string} href @param {string} id so that the focus is found again */
function anchor(text, href, id) {
  const page = /^http/i.test(href) ? "_blank" : "";
  return Object.assign(document.createElement("a"), { id, href, target: page, rel: "noopener noreferrer nofollow", textContent: text });
}

/** @param {ParentNode} within */
export function linkAll(within) {
  for (const said of within.querySelectorAll(".said-text")) {
    const message = said.closest("li")?.id;
    const parts = pieces(said.textContent ?? "").map(({ text, href }, n) => (href ? anchor(text, href, `${message}-${n}`) : text));
    if (parts.some((one) => typeof one !== "string")) said.replaceChildren(...parts);
  }
}

linkAll(document);
