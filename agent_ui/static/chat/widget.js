// The button that a city's page carries: opens the chat, in a frame from our origin; so does
// whatever on the page is marked data-contactcenter-open. It loads nothing else, keeps no cookie,
// and needs nothing of a strict policy of that page but our origin in script-src and frame-src.
// Served without its comments and indents.
(() => {
  const { src, dataset: { queue = "", topic = "", organisation = "", language, label } } =
    /** @type {HTMLScriptElement} */ (document.currentScript);
  const { origin } = new URL(src);
  const key = `contactcenter.${queue || topic || `@${organisation}`}`;
  const labels = { fi: "Kysy meiltä", sv: "Fråga oss", en: "Ask us" };
  const got = (language || document.documentElement.lang).slice(0, 2);
  const lang = /** @type {keyof typeof labels} */ (got in labels ? got : "fi");
  const title = label || labels[lang];

  /** @template {keyof HTMLElementTagNameMap} K
   * @param {K} name @param {Partial<HTMLElementTagNameMap[K]>} marks */
  const make = (name, marks) => Object.assign(document.createElement(name), marks);
  const host = make("aside", { id: "contactcenter", lang, ariaLabel: title });
  const root = host.attachShadow({ mode: "open" });
  const css = new CSSStyleSheet();
  css.replaceSync(`
    :host{all:initial;z-index:99999999;bottom:20px}
    :host,iframe{position:fixed;inset-inline-end:20px}
    button,iframe{box-shadow:0 6px 28px #0005}
    button{padding:15px 22px;border:2px solid #fff;border-radius:26px;background:#005799;color:#fff;font:600 16px system-ui;cursor:pointer}
    button:hover,b{background:#fff;color:#005799;border-color:#005799}
    button:focus-visible{outline:3px solid #005799}
    b{margin-inline-start:10px;padding:2px 8px;border-radius:12px}
    button:hover b{background:#005799;color:#fff}
    p{position:absolute;clip-path:inset(50%)}
    iframe{bottom:88px;width:400px;height:min(680px,100vh - 108px);border:0;border-radius:14px}
    @media(max-width:480px){
      iframe{inset:0;width:100%;height:100%;border-radius:0}
      .on{display:none}
    }`);
  root.adoptedStyleSheets = [css];
  const knob = make("button", { textContent: title, ariaExpanded: "false" }),
    badge = make("b", { hidden: true }),
    said = make("p", { role: "status" }),
    frame = make("iframe", {
      title,
      src: `${origin}/chat?${new URLSearchParams({ ...(queue ? { queue } : topic ? { topic } : { organisation }), lang })}`,
      referrerPolicy: "origin",
    });
  knob.append(badge);
  root.append(knob, said);
  /** Where the focus goes when the chat is hidden. @type {HTMLElement} */
  let back = knob;
  let open = false, ready = false, going = false;

  // What a reload finds: "1" the chat was open, "0" hidden. Storage may be forbidden, or full.
  const keep = () => {
    try {
      sessionStorage[key] = open ? 1 : going ? 0 : "";
    } catch {}
  };
  /** @param {boolean} on @param {boolean} focus whether it moves along */
  const show = (on, focus) => {
    open = on;
    if (!frame.isConnected) root.prepend(frame);
    frame.hidden = !on;
    knob.className = on && ready ? "on" : "";
    knob.ariaExpanded = `${on}`;
    keep();
    if (focus) (on ? frame : back.isConnected ? back : knob).focus();
    if (!on) back = knob;
    if (ready) frame.contentWindow?.postMessage({ contactcenter: "shown", on, focus }, origin);
  };
  knob.onclick = () => show(!open, true);
  // By capture, and for elements that come later too: pages draw themselves anew. A link leads
  // somewhere without us.
  addEventListener("click", (event) => {
    const one = /** @type {Element} */ (event.target).closest?.("[data-contactcenter-open]");
    if (one) {
      event.preventDefault();
      back = /** @type {HTMLElement} */ (one);
      show(true, true);
    }
  }, true);

  addEventListener("message", ({ origin: from, source, data }) => {
    if (from !== origin || !source || source !== frame.contentWindow) return;
    const { contactcenter: what, on, n, text } = data ?? {};
    if (what === "ready") {
      ready = true;
      show(open, root.activeElement === frame);
    } else if (what === "close") show(false, true);
    else if (what === "going") {
      going = on;
      keep();
    } else if (what === "unread" && n >= 0 && typeof text === "string") {
      badge.hidden = !n;
      badge.textContent = n;
      said.textContent = text;
      knob.ariaLabel = n ? `${title}, ${text}` : title;
    }
  });

  const start = () => {
    // Included twice, it is there once.
    if (document.getElementById(host.id)) return;
    document.body.append(host);
    try {
      const was = sessionStorage[key];
      if (was) show(was === "1", false);
    } catch {}
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
