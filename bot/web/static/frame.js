// The page in a frame of the lender's page, from which it hears who the borrower is.

import "./chat.js";
import { byId, chat, draft, entries, frame, on } from "./page.js";
import { beginReading, look, show } from "./reading.js";
import { restart, say } from "./saying.js";

const embedders = chat.dataset.embedders.split(" ");
const language = document.documentElement.lang;
let lender;
let renewing;
let delay = 1000;
let entering;
let isTalking = false;

addEventListener("message", ({ source, origin, data, ports }) => {
  if (source !== parent || !embedders.includes(origin) || data.respite !== "hello") return;
  lender = ports[0];
  lender.onmessage = ({ data }) => hear(data);
  lender.postMessage({ ready: true });
  hear(data);
  enter();
});

function hear({ theme, isOpen, token }) {
  if (theme) wear(theme);
  if (token !== undefined) comeIn(token);
  if (isOpen === undefined) return;
  frame.isOpen = isOpen;
  if (isOpen && matchMedia("(hover: hover)").matches) draft.focus();
  requestAnimationFrame(look); // a frame that was hidden has no layout before
}

function comeIn(token) {
  const { renew, words } = renewing ?? {};
  renewing = null;
  if (renew && !token) return say("request", renew, words);
  if (renew) frame.pass = "";
  openChat(token);
}

async function wear(theme) {
  if (Object.keys(theme).length) (await import("./theme.js")).wear(theme);
}

function enter() {
  clearTimeout(entering);
  if (frame.pass) openChat();
  else lender.postMessage({ ask: "token" });
}

function enterLater() {
  show("offline");
  entering = setTimeout(enter, delay);
  delay = Math.min(2 * delay, 30000);
}

async function openChat(token) {
  const answer = await post("/embedded/chats", JSON.stringify({ token, language }));
  if (answer.status === 403) {
    lender.postMessage({ refused: await answer.text() });
    return openChat(null);
  }
  if (!answer.ok) return enterLater();
  delay = 1000;
  const opened = await answer.json();
  frame.pass = opened.chat_pass;
  if (isTalking || opened.language !== language) return restart(opened.language);
  isTalking = true;
  Object.assign(chat.dataset, { after: opened.after, view: opened.view, seen: opened.seen });
  entries.setAttribute("aria-live", "off"); // what was said before is not read out
  entries.innerHTML = opened.entries;
  setTimeout(() => entries.removeAttribute("aria-live"));
  if (opened.entries.trim()) byId("welcome")?.remove();
  byId("loading")?.remove();
  byId("expired").hidden = !opened.is_expired;
  beginReading();
  htmx.trigger(chat, "identified");
}

async function post(path, body, type = "application/json") {
  const headers = { "Content-Type": type };
  if (frame.pass) headers.Authorization = `Bearer ${frame.pass}`;
  const answer = await fetch(path, { method: "POST", headers, body }).catch(() => Response.error());
  if (answer.status === 401) beginAnew();
  return answer;
}

function beginAnew() {
  frame.pass = "";
  restart();
}

on("submit", async (event) => {
  if (!event.target.matches("[action]")) return;
  event.preventDefault();
  (await import("./asking.js")).submit(event, post, lender);
});
on("click", async (event) => {
  const link = event.target.closest("a[data-document]");
  if (!link || link.search) return;
  event.preventDefault();
  (await import("./asking.js")).open(link, post);
});

on("keydown", (event) => event.key === "Escape" && lender?.postMessage({ ask: "close" }));
byId("expired").addEventListener("click", ({ target }) => {
  renewing = target.closest("[data-renew]")?.dataset;
  if (renewing) lender.postMessage({ ask: "token" });
});
byId("close").addEventListener("click", () => lender?.postMessage({ ask: "close" }));
on("unread", ({ detail }) => lender?.postMessage({ unread: detail }));
on("retried", enter);
on("lost", beginAnew);
