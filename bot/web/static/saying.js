// Saying something, and keeping it until the server has it.

import { byId, chat, draft, frame, on, scroller, sending, tell } from "./page.js";

// ---- A bubble that stays in `sending` until the server's own bubble of it arrives

const ACKNOWLEDGED_WITHIN = 12000;

export function say(kind, value, shown, clientId = newId()) {
  const bubble = place("unsent", clientId, shown);
  bubble.kept = { kind, value, shown, clientId };
  bubble.elements.client_id.value = clientId;
  bubble.elements.said.value = value;
  bubble.elements.said.name = kind;
  bubble.send = () => bubble.requestSubmit();
  htmx.process(bubble);
  bubble.send();
  tell("kept");
}

export function place(template, clientId, shown) {
  byId("welcome")?.remove();
  byId("new")?.remove();
  const bubble = byId(template).content.firstElementChild.cloneNode(true);
  bubble.dataset.clientId = clientId;
  bubble.querySelector("[data-shown]").textContent = shown;
  sending.append(bubble);
  scroller.scrollTop = scroller.scrollHeight;
  return bubble;
}

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
}

export function mark(bubble, state) {
  clearTimeout(bubble.deadline);
  bubble.dataset.state = state;
  byId("delivery").textContent = bubble.querySelector(`[data-when=${state}]`)?.textContent;
}

export function settle(entry) {
  for (const bubble of [...sending.children]) {
    if (bubble.dataset.clientId !== entry.dataset.clientId) continue;
    mark(bubble, "sent");
    bubble.remove();
    tell("kept");
  }
}

on("htmx:ws:before:message:outgoing", (event) => {
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
    if (bubble.attempts === 1) tell("unacknowledged");
  }, ACKNOWLEDGED_WITHIN);
});

on("connected", () => {
  for (const bubble of sending.children) bubble.send();
});

on("disconnected", () => {
  for (const bubble of sending.children) if (bubble.kept) mark(bubble, "waiting");
});

// ---- The draft and what is not sent yet, over a reload: our own page keeps them in this tab, for this chat only; a page
// in a frame hands them on in its own address, of which nobody is sent that part

const KEPT = "respite";

function unsent() {
  const said = [...sending.children].flatMap((bubble) => bubble.kept ?? []);
  return draft.value || said.length ? { chat: chat.dataset.chat, draft: draft.value, said } : null;
}

function keep() {
  const kept = unsent();
  inThisTab((tab) => (kept ? tab.setItem(KEPT, JSON.stringify(kept)) : tab.removeItem(KEPT)));
}

export function forget() {
  inThisTab((tab) => tab.removeItem(KEPT));
}

export function takeKept() {
  const kept = frame.isUsed ? fromAddress() : inThisTab((tab) => JSON.parse(tab.getItem(KEPT)));
  return kept?.chat === chat.dataset.chat ? kept : {};
}

export function restart(language) {
  if (frame.isUsed) {
    const address = new URL(location);
    if (language) address.searchParams.set("lang", language);
    address.hash = encodeURIComponent(JSON.stringify({ chat: "", ...unsent(), pass: frame.pass }));
    history.replaceState(null, "", address);
  }
  location.reload();
}

function fromAddress() {
  const kept = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  return kept && JSON.parse(decodeURIComponent(kept));
}

function inThisTab(use) {
  try {
    return frame.isUsed ? null : use(sessionStorage);
  } catch {
    return null; // a browser may refuse storage altogether
  }
}

draft.addEventListener("input", keep);
on("kept", keep);
on("changed", () => restart());
