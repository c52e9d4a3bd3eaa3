// What people wrote, its addresses to be followed: never anything but text and links.

import { html } from "htm/preact";
import { pieces } from "./links.js";

/** @param {{text: string}} props */
export function Linked({ text }) {
  return pieces(text).map(({ text: said, href }) => {
    if (!href) return said;
    const page = /^http/i.test(href) ? "_blank" : undefined;
    return html`<a href=${href} target=${page} rel="noopener noreferrer nofollow">${said}</a>`;
  });
}
