// A small map to choose a place on, beside the field in which it can be typed: tiles of the house's
// choice (Web Mercator, 256 pixels), moved by keys, mouse and finger. What is chosen stands in the field.

const SIDE = 256;
const STEP = 64;
const NEAREST = 18;
const FARTHEST = 4;
const BEGINS = 13;

/** Where a point lies on the whole map of a zoom, in pixels. @param {number} lat @param {number} long @param {number} zoom */
export function placed(lat, long, zoom) {
  const world = SIDE * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: ((long + 180) / 360) * world, y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world };
}

/** The other way round, to some metres. @param {number} x @param {number} y @param {number} zoom */
export function found(x, y, zoom) {
  const world = SIDE * 2 ** zoom;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / world))) * 180) / Math.PI;
  return { lat: Math.round(lat * 1e5) / 1e5, long: Math.round(((x / world) * 360 - 180) * 1e5) / 1e5 };
}

/** Which tiles a view of so many pixels shows, and where. @param {{x: number, y: number}} centre
 * @param {number} zoom @param {number} width @param {number} height */
export function tiles(centre, zoom, width, height) {
  const most = 2 ** zoom;
  const left = centre.x - width / 2;
  const top = centre.y - height / 2;
  const shown = [];
  for (let x = Math.floor(left / SIDE); x * SIDE < left + width; x++)
    for (let y = Math.floor(top / SIDE); y * SIDE < top + height; y++)
      if (y >= 0 && y < most) shown.push({ x: ((x % most) + most) % most, y, left: x * SIDE - left, top: y * SIDE - top });
  return shown;
}

/** @param {HTMLElement} root @param {HTMLInputElement} field */
function open(root, field) {
  const said = /** @type {Record<string, string>} */ (root.dataset);
  let zoom = BEGINS;
  let centre = placed(Number(said.lat), Number(said.long), zoom);
  const typed = /^\s*(-?\d+(?:\.\d+)?)[,;\s]+(-?\d+(?:\.\d+)?)\s*$/.exec(field.value);
  if (typed) centre = placed(Number(typed[1]), Number(typed[2]), zoom);
  let chosen = typed ? { lat: Number(typed[1]), long: Number(typed[2]) } : null;

  const view = document.createElement("div");
  view.className = "map-view";
  view.tabIndex = 0;
  view.setAttribute("role", "group");
  view.setAttribute("aria-label", said.name ?? "");
  view.setAttribute("aria-describedby", "map-help");
  const help = document.createElement("p");
  help.id = "map-help";
  help.className = "hint";
  help.textContent = said.help ?? "";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "hint";
  const credit = document.createElement("p");
  credit.className = "map-credit";
  credit.textContent = said.credit ?? "";
  const acts = document.createElement("p");
  acts.className = "actions";
  /** @param {string} text @param {() => void} act */
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button small";
    made.textContent = text;
    made.addEventListener("click", act);
    acts.append(made);
  };

  const draw = () => {
    const { clientWidth: width, clientHeight: height } = view;
    const images = tiles(centre, zoom, width, height).map((one) => {
      const image = document.createElement("img");
      image.alt = "";
      image.draggable = false;
      image.referrerPolicy = "no-referrer";
      image.src = (said.tiles ?? "").replace("{z}", String(zoom)).replace("{x}", String(one.x)).replace("{y}", String(one.y));
      image.style.transform = `translate(${one.left}px, ${one.top}px)`;
      return image;
    });
    const cross = document.createElement("span");
    cross.className = "map-cross";
    view.replaceChildren(...images, cross);
    if (chosen) {
      const at = placed(chosen.lat, chosen.long, zoom);
      const mark = document.createElement("span");
      mark.className = "map-mark";
      mark.style.transform = `translate(${at.x - centre.x + width / 2}px, ${at.y - centre.y + height / 2}px)`;
      view.append(mark);
    }
  };
  /** @param {number} x @param {number} y */
  const choose = (x, y) => {
    chosen = found(x, y, zoom);
    field.value = `${chosen.lat}, ${chosen.long}`;
    status.textContent = (said.chosen ?? "").replace("{place}", field.value);
    draw();
  };
  /** @param {number} by */
  const turn = (by) => {
    const next = Math.min(NEAREST, Math.max(FARTHEST, zoom + by));
    const factor = 2 ** (next - zoom);
    centre = { x: centre.x * factor, y: centre.y * factor };
    zoom = next;
    draw();
  };
  /** @param {number} x @param {number} y */
  const move = (x, y) => {
    const world = SIDE * 2 ** zoom;
    centre = { x: (centre.x + x + world) % world, y: Math.min(world, Math.max(0, centre.y + y)) };
    draw();
  };
  const keys = /** @type {Record<string, () => void>} */ ({
    ArrowLeft: () => move(-STEP, 0),
    ArrowRight: () => move(STEP, 0),
    ArrowUp: () => move(0, -STEP),
    ArrowDown: () => move(0, STEP),
    "+": () => turn(1),
    "-": () => turn(-1),
    Enter: () => choose(centre.x, centre.y),
  });
  view.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault(); // Enter would send the form
    act();
  });
  let from = /** @type {{x: number, y: number, moved: boolean} | null} */ (null);
  view.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY, moved: false };
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", (event) => {
    if (!from || (!from.moved && Math.hypot(event.clientX - from.x, event.clientY - from.y) < 6)) return;
    move(from.x - event.clientX, from.y - event.clientY);
    from = { x: event.clientX, y: event.clientY, moved: true };
  });
  view.addEventListener("pointerup", (event) => {
    const box = view.getBoundingClientRect();
    if (from && !from.moved)
      choose(centre.x + event.clientX - box.left - box.width / 2, centre.y + event.clientY - box.top - box.height / 2);
    from = null;
  });
  button(said.nearer ?? "", () => turn(1));
  button(said.farther ?? "", () => turn(-1));
  button(said.here ?? "", () => choose(centre.x, centre.y));
  root.replaceChildren(help, view, credit, acts, status);
  root.hidden = false;
  new ResizeObserver(draw).observe(view);
}

if (typeof document !== "undefined") {
  const root = document.getElementById("map");
  const field = document.getElementById("place");
  if (root && field instanceof HTMLInputElement) open(root, field);
}
