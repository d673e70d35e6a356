// What the borrower's page does beyond htmx: keeps each message until the server has it, and keeps the reader's place.

const ACKNOWLEDGED_WITHIN = 12000;
const NOTICED_AFTER = 700;
const RECONNECTING = [1001, 1005, 1006, 1011, 1012, 1013, 1014];

const byId = (id) => document.getElementById(id);
const chat = byId("chat");
const scroller = byId("scroller");
const entries = byId("entries");
const sending = byId("sending");
const composer = byId("composer");
const draft = byId("draft");

// ---- Saying something: a bubble that stays in `sending` until its echo arrives

function say(kind, value, shown) {
  byId("welcome")?.remove();
  const bubble = byId("unsent").content.firstElementChild.cloneNode(true);
  bubble.elements.client_id.value = newId();
  bubble.elements.said.value = value;
  bubble.elements.said.name = kind;
  bubble.querySelector(".said").textContent = shown;
  sending.append(bubble);
  htmx.process(bubble);
  bubble.requestSubmit();
  scrollToEnd();
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
}

function mark(bubble, state) {
  clearTimeout(bubble.deadline);
  bubble.dataset.state = state;
}

chat.addEventListener("htmx:ws:before:message:outgoing", (event) => {
  const bubble = event.target;
  if (chat.dataset.connection !== "open") {
    event.preventDefault();
    mark(bubble, "waiting");
    return;
  }
  mark(bubble, "sending");
  bubble.attempts = (bubble.attempts ?? 0) + 1;
  bubble.deadline = setTimeout(() => {
    mark(bubble, "failed");
    if (bubble.attempts === 1) event.detail.connection.socket.close(); // it may be dead without knowing: a fresh one sends again
  }, ACKNOWLEDGED_WITHIN);
});

function settle(entry) {
  for (const bubble of sending.children) {
    if (bubble.elements.client_id.value === entry.dataset.clientId) {
      mark(bubble, "sent");
      bubble.remove();
    }
  }
}

// ---- The connection: what the page says about it, and where it catches up

let connection;
let notice;

function show(state) {
  chat.dataset.connection = state;
  clearTimeout(notice);
  notice = setTimeout(() => {
    byId("connection").textContent = byId("connection").dataset[state] ?? "";
    byId("reconnect").hidden = state === "open" || state === "connecting";
  }, state === "open" ? 0 : NOTICED_AFTER);
}

function reconnect() {
  if (chat.dataset.connection === "closed") return location.reload();
  clearTimeout(connection.timer);
  connection.visibilityHandler();
}

chat.addEventListener("htmx:ws:before:connection", ({ detail }) => {
  connection = detail.connection;
});

chat.addEventListener("htmx:ws:after:connection", () => {
  show("open");
  for (const bubble of sending.children) bubble.requestSubmit();
});

chat.addEventListener("htmx:ws:close", ({ detail }) => {
  show(RECONNECTING.includes(detail.code) ? "offline" : "closed");
  byId("typing").replaceChildren();
  for (const bubble of sending.children) mark(bubble, "waiting");
});

chat.addEventListener("htmx:ws:after:message:incoming", () => {
  const entry = entries.lastElementChild;
  if (!entry || entry === latest) return scrollAlong();
  settle(entry);
  if (byId(entry.id) !== entry) return entry.remove();
  latest = entry;
  connection.url = connection.url.replace(/after=\d+/, `after=${entry.dataset.id}`);
  byId("welcome")?.remove();
  reveal(entry);
});

byId("reconnect").addEventListener("click", (event) => event.target.closest("button") && reconnect());
addEventListener("online", reconnect);

// ---- The reader's place: at the end unless they scrolled up to read

let latest = entries.lastElementChild;
let atEnd = true;

function scrollToEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}

function scrollAlong() {
  if (atEnd) scrollToEnd();
}

function reveal(entry) {
  if (atEnd) scroller.scrollTop = entry.offsetTop - 16;
  else byId("newer").hidden = false;
}

scroller.addEventListener("scroll", () => {
  atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
  if (atEnd) byId("newer").hidden = true;
}, { passive: true });

byId("newer").addEventListener("click", scrollToEnd);
new ResizeObserver(scrollAlong).observe(scroller);

// ---- The composer

function fitDraft() {
  draft.style.height = "auto";
  draft.style.height = `${draft.scrollHeight}px`;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = draft.value.trim();
  if (text) say("text", text, text);
  draft.value = "";
  fitDraft();
});

draft.addEventListener("input", fitDraft);
draft.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  composer.requestSubmit();
});

// ---- Buttons

const presses = {
  reference(button) {
    const group = button.closest(".replies")?.children ?? [button];
    for (const each of group) each.setAttribute("aria-disabled", "true");
    const reference = button.dataset.reference;
    for (const each of group) delete each.dataset.reference;
    button.classList.add("chosen");
    say("button", reference, button.textContent);
  },
  say: (button) => say("text", button.textContent, button.textContent),
  request: (button) => say("request", button.dataset.request, button.dataset.shown),
  dismiss: (button) => button.parentElement.remove(),
  fill(button) {
    draft.value = button.dataset.fill;
    fitDraft();
    draft.focus();
  },
};

chat.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const press = Object.keys(presses).find((name) => button && name in button.dataset);
  if (press) presses[press](button);
});

// ---- Another language is another page: it takes the draft along

const KEPT_DRAFT = "draft";

byId("languages").addEventListener("submit", (event) => {
  if (chat.dataset.connection !== "open") return event.preventDefault();
  inThisTab((storage) => storage.setItem(KEPT_DRAFT, draft.value));
});

function inThisTab(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null; // inside another site's frame a browser may refuse storage
  }
}

draft.value = inThisTab((storage) => storage.getItem(KEPT_DRAFT)) ?? draft.value;
inThisTab((storage) => storage.removeItem(KEPT_DRAFT));
fitDraft();
show("connecting");
if (latest) scrollToEnd();
