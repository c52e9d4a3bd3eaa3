// Small drawings of our own, one path each, in the text's colour. A label always stands beside
// them, so readers are told nothing twice.

import { html } from "htm/preact";

/** @type {Record<string, string>} */
const PATHS = {
  mail: "M3 5.5h18v13H3zM3.5 6l8.5 7 8.5-7",
  chat: "M4 5h16v11h-9l-5 4v-4H4zM8 9h8M8 12h5",
  call: "M7 3.5 4.5 5c0 8 6.5 14.5 14.5 14.5l1.5-2.5-4.5-3-2 1.5c-2-1-3.5-2.5-4.5-4.5L11 9z",
  callback: "M6 7 4.5 8c0 7 5.5 11.5 11.5 11.5l1.5-2-3.5-2.5-2 1c-1.5-.7-2.5-2-3-3.5l1.5-1.5zM13 7h7m0 0-3-3m3 3-3 3",
  visit: "M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c0-4 3-6.5 7-6.5s7 2.5 7 6.5z",
  letter: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 15.5h6",
  note: "M5 4h14v10l-5 6H5zM14 20v-6h5M8.5 8.5h7M8.5 12h4",
  reply: "M10 6 4 11.5 10 17v-3.5c5 0 8 1.5 10 5 0-6-3-10-10-10z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  check: "m4.5 12.5 5 5 10-11",
  alert: "M12 4 2.5 20h19zM12 10v4.5M12 17.2v.3",
  help: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5c0-3.5 5-3 5 0 0 2-2.5 2-2.5 4M12 16.7v.3",
  gear: "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h8M16 17h4M13 5h4v4h-4zM7 10h4v4H7zM12 15h4v4h-4z",
  theme: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 8h7.6M12 12h9M12 16h7.6",
  wall: "M3 4.5h18v12H3zM12 16.5V20M8 20h8M7 13v-2M12 13V8.5M17 13v-3.5",
  keys: "M3 6.5h18v11H3zM6.5 10h.5M10 10h.5M13.5 10h.5M17 10h.5M7.5 14h9",
  back: "m14.5 5-7 7 7 7",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "m6 9.5 6 6 6-6",
  close: "m6 6 12 12M18 6 6 18",
  file: "m20 11.5-8 8a5 5 0 0 1-7-7l9-9a3.4 3.4 0 0 1 4.8 4.8l-9 9a1.6 1.6 0 0 1-2.3-2.3l8-8",
  move: "M4 8h14m0 0-4-4m4 4-4 4M20 16H6m0 0 4-4m-4 4 4 4",
  panel: "M3.5 5h17v14h-17zM14.5 5v14",
  out: "M14 4H5v16h9M10 12h11m0 0-4-4m4 4-4 4",
  unknown: "M4 12a8 8 0 0 1 14-5.3M20 12a8 8 0 0 1-14 5.3M18 3v4h-4M6 21v-4h4",
  send: "M4 12 20 4.5 15.5 20l-4-6.5zM11.5 13.5 20 4.5",
  pause: "M8.5 5v14M15.5 5v14",
  play: "M8 5.5v13l11-6.5z",
  plus: "M12 5v14M5 12h14",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 10.5v6M13.5 10.5v6",
  lock: "M6 10.5h12V20H6zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14v2.5",
  forward: "M14 6l6 5.5-6 5.5v-3.5c-5 0-8 1.5-10 5 0-6 3-10 10-10z",
  pencil: "m4 20 1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5 17.5 10",
};

/** @param {{name: string}} props */
export function Icon({ name }) {
  return html`<svg class=${`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${PATHS[name] ?? PATHS.help} />
  </svg>`;
}
