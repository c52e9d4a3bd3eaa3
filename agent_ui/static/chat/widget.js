// The button that a city's page carries: opens the chat, in a frame from our origin. It loads
// nothing else, keeps no cookie, and needs nothing of a strict policy of that page but our origin
// in script-src and frame-src. Served without its comments and indents.
(() => {
  const tag = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!tag) return;
  const { queue = "", language, label } = tag.dataset;
  const { origin } = new URL(tag.src);
  const key = `contactcenter.${queue}`;
  const labels = { fi: "Kysy meiltä", sv: "Fråga oss", en: "Ask us" };
  const got = (language || document.documentElement.lang).slice(0, 2);
  const lang = /** @type {keyof typeof labels} */ (got in labels ? got : "fi");
  const text = label || labels[lang];

  /** @template T @param {string} name @param {T} marks @returns {HTMLElement & T} */
  const make = (name, marks) => Object.assign(document.createElement(name), marks);
  const host = make("aside", { id: "contactcenter", lang, ariaLabel: text });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host{all:initial;position:fixed;z-index:99999999;right:20px;bottom:20px}
    button{position:relative;min-height:52px;padding:8px 22px;border:2px solid #fff;border-radius:26px;background:#005799;color:#fff;font:600 16px system-ui,sans-serif;cursor:pointer;box-shadow:0 4px 16px #0005}
    button:hover{background:#003e6d}
    button:focus-visible{outline:3px solid #0072c6;outline-offset:2px}
    b{margin-left:10px;padding:2px 8px;border-radius:12px;background:#fff;color:#9b0e32}
    p{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
    iframe{position:fixed;right:20px;bottom:88px;width:400px;height:min(680px,100vh - 108px);border:0;border-radius:14px;box-shadow:0 8px 40px #0006}
    @media(max-width:480px){
      iframe{inset:0;width:100%;height:100%;border-radius:0}
      .on{display:none}
    }`);
  root.adoptedStyleSheets = [sheet];
  const button = make("button", { textContent: text, ariaExpanded: "false" });
  const badge = make("b", { hidden: true });
  const said = make("p", { role: "status" });
  button.append(badge);
  root.append(button, said);

  const frame = /** @type {HTMLIFrameElement} */ (make("iframe", { title: text, referrerPolicy: "origin" }));
  let open = false, ready = false, going = false;

  // What a reload finds: "1" the chat was open, "0" hidden. Storage may be forbidden.
  const keep = () => {
    try {
      sessionStorage[key] = open ? 1 : going ? 0 : "";
    } catch {}
  };
  /** @param {boolean} on @param {boolean} focus whether it moves along */
  const show = (on, focus) => {
    open = on;
    if (!frame.src) {
      frame.src = `${origin}/chat?${new URLSearchParams({ queue, lang })}`;
      root.prepend(frame);
    }
    frame.hidden = !on;
    button.className = on && ready ? "on" : "";
    button.ariaExpanded = `${on}`;
    keep();
    if (focus) (on ? frame : button).focus();
    if (ready) frame.contentWindow?.postMessage({ contactcenter: "shown", on, focus }, origin);
  };
  button.onclick = () => show(!open, true);

  addEventListener("message", ({ origin: from, source, data }) => {
    if (from !== origin || !source || source !== frame.contentWindow || !data) return;
    const { contactcenter: what, on, n, text: say } = data;
    if (what === "ready") {
      ready = true;
      show(open, root.activeElement === frame);
    } else if (what === "close") show(false, true);
    else if (what === "going" && typeof on === "boolean") {
      going = on;
      keep();
    } else if (what === "unread" && n >= 0 && typeof say === "string") {
      badge.hidden = !n;
      badge.textContent = `${+n}`;
      said.textContent = say;
      button.ariaLabel = n ? `${text}, ${say}` : text;
    }
  });

  const start = () => {
    // Included twice, it is there once.
    if (document.getElementById(host.id)) return;
    document.body.append(host);
    let was;
    try {
      was = sessionStorage[key];
    } catch {}
    if (was) show(was === "1", false);
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
