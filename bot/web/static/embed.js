// The chat on the lender's page: <script src="https://chat.example/embed.js" data-token-url="/respite-token" async>.
// It draws a button and, once that is pressed, a frame with the chat. docs/web-chat.md describes every attribute.

(() => {
  const script = document.currentScript;
  const { tokenUrl, scheme = "light dark", position = "right", lang = document.documentElement.lang } = script.dataset;
  const chat = new URL(script.src).origin;
  const language = /^zh/.test(lang) ? (/Hant|TW|HK|MO/.test(lang) ? "zh-Hant" : "zh-Hans") : "en";
  const [help, close, one, many, away] = {
    en: ["Repayment help", "Close the chat", "1 new message", "# new messages", "The chat cannot be reached just now. Please try again in a minute."],
    "zh-Hans": ["还款协助", "关闭对话", "1 条新消息", "# 条新消息", "暂时连不上对话。请过一分钟再试。"],
    "zh-Hant": ["還款協助", "關閉對話", "1 則新訊息", "# 則新訊息", "暫時連不上對話。請過一分鐘再試。"],
  }[language];
  const label = script.dataset.label ?? help;
  const VARIABLES = ["accent", "background", "surface", "text", "font", "heading-font", "radius"];
  const KEPT = "respite-chat";
  const ANSWERS_WITHIN = 8000;

  const STYLE = `
    :host { all: initial; --a: var(--respite-accent, #1b5a53); }
    .launcher, .panel { position: fixed; z-index: var(--respite-z-index, 2147483000); bottom: var(--respite-offset, 1.25rem); }
    .launcher { ${position}: var(--respite-offset, 1.25rem); display: flex; align-items: center; gap: .625rem; min-height: 3.25rem; padding: .5rem 1.25rem .5rem 1rem; border: 0; border-radius: 99px; background: var(--a); color: var(--ink, #fff); font: 600 1rem/1.3 var(--respite-font, system-ui, sans-serif); box-shadow: 0 2px 6px rgb(0 0 0 / 18%), 0 8px 24px rgb(0 0 0 / 16%); cursor: pointer; }
    .launcher:focus-visible { outline: 3px solid var(--a); outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    svg { width: 1.5rem; height: 1.5rem; fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
    .badge { position: absolute; top: -.75rem; ${position}: -.25rem; min-width: 1.5rem; padding: 0 .375rem; border: 2px solid #fff; border-radius: 99px; background: #a3250b; color: #fff; font-size: .8125rem; line-height: 1.375rem; text-align: center; }
    .panel { ${position}: var(--respite-offset, 1.25rem); bottom: calc(var(--respite-offset, 1.25rem) + 4rem); width: 25rem; height: min(43rem, 100vh - 7rem); border-radius: 1rem; background: Canvas; overflow: hidden; box-shadow: 0 4px 12px rgb(0 0 0 / 14%), 0 16px 48px rgb(0 0 0 / 22%); animation: come .16s ease-out; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .away { margin: 0; padding: 2rem 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; }
    [hidden] { display: none; }
    @keyframes come { from { opacity: 0; transform: translateY(.75rem); } }
    @media (max-width: 32rem), (max-height: 30rem) {
      .panel { inset: 0; width: auto; height: auto; border-radius: 0; }
      .open { visibility: hidden; }
    }
    @media (prefers-reduced-motion: reduce) { .panel { animation: none; } }`;

  const host = document.createElement("div");
  host.id = "respite-chat";
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `
    <div class="panel" role="dialog" hidden></div>
    <button type="button" class="launcher" aria-haspopup="dialog" aria-expanded="false">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 5.500h16v11h-8.500L7 20.500v-4H4z"/></svg>
      <span class="label"></span><span class="badge" aria-hidden="true" hidden></span>
    </button>`;
  if (root.adoptedStyleSheets) {
    const sheet = new CSSStyleSheet(); // needs no permission of the lender's content security policy
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } else {
    root.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
  }
  const [panel, launcher, badge] = [".panel", ".launcher", ".badge"].map((name) => root.querySelector(name));
  panel.ariaLabel = label;
  root.querySelector(".label").textContent = label;

  let frame;
  let port;
  let isOpen = false;

  // ---- Opening and closing

  function open() {
    if (!frame) load();
    turn(true);
    frame.focus();
  }

  function shut() {
    turn(false);
    launcher.focus();
  }

  function turn(nowOpen) {
    isOpen = nowOpen;
    panel.hidden = !isOpen;
    launcher.classList.toggle("open", isOpen);
    launcher.ariaExpanded = String(isOpen);
    port?.postMessage({ isOpen });
    remember(isOpen ? "open" : "closed");
    announce(isOpen ? "open" : "close");
  }

  // Forgets who is signed in; the chat then asks anew. For a lender's page that signs somebody out without being left.
  function reset() {
    if (isOpen) shut();
    panel.replaceChildren();
    frame = port = undefined;
    showUnread(0);
    remember(null);
  }

  launcher.addEventListener("click", () => (isOpen ? shut() : open()));
  root.addEventListener("keydown", (event) => event.key === "Escape" && isOpen && shut());

  // ---- The frame: a private channel to it, handed only to the chat's own page

  function load() {
    frame = document.createElement("iframe");
    frame.title = label;
    frame.src = `${chat}/embedded?lang=${language}&scheme=${encodeURIComponent(scheme)}`;
    frame.addEventListener("load", connect);
    panel.replaceChildren(frame);
  }

  function connect() {
    const channel = new MessageChannel();
    const silent = setTimeout(sayThatItIsAway, ANSWERS_WITHIN);
    port = channel.port1;
    port.onmessage = ({ data }) => {
      clearTimeout(silent);
      hear(data);
    };
    frame.contentWindow.postMessage({ respite: "hello", isOpen, theme: theme() }, chat, [channel.port2]);
  }

  function hear({ ask, unread, refused }) {
    if (ask === "token") giveToken(port);
    if (ask === "close") shut();
    if (ask === "leave") reset();
    if (unread !== undefined) showUnread(unread);
    if (refused) announce("refused", { reason: refused });
  }

  async function giveToken(asker) {
    asker.postMessage({ token: tokenUrl ? await fetchToken().catch(() => null) : null });
  }

  async function fetchToken() {
    const answer = await fetch(tokenUrl, { method: "POST", credentials: "include", signal: AbortSignal.timeout(ANSWERS_WITHIN) });
    return answer.ok ? ((await answer.json()).token ?? null) : null;
  }

  function sayThatItIsAway() {
    frame = port = undefined;
    panel.replaceChildren(Object.assign(document.createElement("p"), { className: "away", role: "alert", textContent: away }));
  }

  // ---- What is new

  function showUnread(count) {
    badge.hidden = !count;
    badge.textContent = count;
    const news = count === 1 ? one : many.replace("#", count);
    launcher.ariaLabel = count ? `${label}, ${news}` : null;
    document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    announce("unread", { count });
  }

  // ---- The lender's colours: variables of its own style sheet, for the button and for the chat

  function theme() {
    const style = getComputedStyle(host);
    const values = VARIABLES.map((name) => [name, style.getPropertyValue(`--respite-${name}`).trim()]);
    return Object.fromEntries(values.filter(([, value]) => value));
  }

  function inkOnAccent() {
    const [r, g, b] = getComputedStyle(launcher).backgroundColor.match(/[\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#101414" : "#fff";
  }

  function dress() {
    launcher.style.setProperty("--ink", inkOnAccent());
    port?.postMessage({ theme: theme() });
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);

  // ---- What the lender's page is told, and what stays over its next load

  function announce(name, detail) {
    document.dispatchEvent(new CustomEvent(`respite:${name}`, { detail }));
  }

  function remember(state) {
    try {
      state ? sessionStorage.setItem(KEPT, state) : sessionStorage.removeItem(KEPT);
    } catch {
      // the chat then begins closed
    }
  }

  function begin() {
    let kept;
    try {
      kept = sessionStorage.getItem(KEPT);
    } catch {
      kept = null;
    }
    document.body.append(host);
    dress();
    if (kept) load();
    if (kept === "open") turn(true);
  }

  window.respite = { open, close: shut, reset };
  document.body ? begin() : addEventListener("DOMContentLoaded", begin);
})();
