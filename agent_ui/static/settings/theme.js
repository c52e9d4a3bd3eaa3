// The form of a theme: the frame beside it shows what is typed, and colours can be picked. Without
// script the colours are typed, and a button shows what it would look like.

const WAIT_MS = 250;
const form = /** @type {HTMLFormElement} */ (document.getElementById("theme"));
const frame = /** @type {HTMLIFrameElement} */ (document.getElementById("preview"));
const place = new URL(frame.src);
let due = 0;

/** Show what stands in the form; files are shown once they were sent. */
function show() {
  const query = new URLSearchParams();
  const language = place.searchParams.get("lang");
  if (language) query.set("lang", language);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value && name !== "seen") query.set(name, value);
  }
  frame.contentWindow?.location.replace(`${place.origin}${place.pathname}?${query}`);
}

function soon() {
  clearTimeout(due);
  due = setTimeout(show, WAIT_MS);
}

/** A well beside a colour's field. @param {HTMLInputElement} field */
function addWell(field) {
  const well = document.createElement("input");
  Object.assign(well, { type: "color", className: "colour-well", ariaLabel: field.dataset.colour });
  const follow = () => {
    const now = field.value || field.placeholder;
    if (/^#[0-9a-f]{6}$/i.test(now)) well.value = now;
  };
  well.addEventListener("input", () => {
    field.value = well.value;
    soon();
  });
  field.addEventListener("input", follow);
  follow();
  const both = document.createElement("div");
  both.className = "colour";
  field.replaceWith(both);
  both.append(field, well);
}

for (const field of form.querySelectorAll("[data-colour]")) {
  addWell(/** @type {HTMLInputElement} */ (field));
}
form.addEventListener("input", soon);
