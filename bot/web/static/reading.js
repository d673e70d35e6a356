// What arrives: the connection, and the reader's place in what has come.

import { byId, chat, entries, frame, on, scroller, tell } from "./page.js";
import { restart, settle } from "./saying.js";

// ---- The connection: what the page says about it, and where it catches up

const NOTICED_AFTER = 700;
const RECONNECTING = [1001, 1005, 1006, 1011, 1012, 1013, 1014];
const DOZED = 30000;
const NO_CHAT = 4401;
const ANOTHER_VIEW = 4205;

let connection;
let hiddenSince;
let notice;

export function show(state) {
  chat.dataset.connection = state;
  clearTimeout(notice);
  notice = setTimeout(() => {
    byId("connection").textContent = byId("connection").dataset[state] ?? "";
    byId("reconnect").hidden = state === "open" || state === "connecting";
  }, state === "open" ? 0 : NOTICED_AFTER);
}

export function send(frame) {
  const isOpen = chat.dataset.connection === "open";
  if (isOpen) connection.socket.send(JSON.stringify(frame));
  return isOpen;
}

// By a fresh socket: one that slept may be dead.
function reconnect() {
  if (chat.dataset.connection === "closed") return restart();
  if (chat.dataset.connection === "connecting" || document.hidden) return;
  if (!connection) return tell("retried");
  clearTimeout(connection.timer);
  connection.socket?.close();
  connection.socket = null;
  lose("offline");
  connection.visibilityHandler();
}

function lose(state) {
  show(state);
  byId("typing").replaceChildren();
  tell("disconnected");
}

on("htmx:ws:before:connection", ({ detail }) => {
  connection = detail.connection;
  if (!connection.attempt) connection.url += `?after=${chat.dataset.after}&view=${chat.dataset.view}`;
});

on("htmx:ws:after:connection", () => {
  // A hidden page stays connected, so that its title can say what is new.
  document.removeEventListener("visibilitychange", connection.visibilityHandler);
  connection.config.pauseOnBackground = false;
  if (frame.pass) connection.socket.send(JSON.stringify({ chat_pass: frame.pass }));
  show("open");
  tell("connected");
});

on("htmx:ws:close", ({ detail }) => {
  lose(RECONNECTING.includes(detail.code) ? "offline" : "closed");
  if (detail.code === ANOTHER_VIEW) tell("changed");
  if (detail.code === NO_CHAT) tell("lost");
});

byId("reconnect").addEventListener("click", (event) => event.target.closest("button") && reconnect());
addEventListener("online", reconnect);
on("unacknowledged", reconnect);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenSince = Date.now();
  else if (chat.dataset.connection !== "open" || Date.now() - hiddenSince > DOZED) reconnect();
});

// ---- The reader's place: at the end unless they scrolled up

const BEGINS_ABOVE = 48;
const title = document.title;

let latest;
let atEnd = true;
let seen = 0;
let reported = 0;

const all = () => [...entries.querySelectorAll(".entry")];
const isNew = (entry) => entry.dataset.id > seen && !entry.matches(".borrower");
const isLooking = () => frame.isOpen && !document.hidden;

function scrollToEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}

function scrollAlong() {
  if (atEnd && !byId("welcome")) scrollToEnd();
}

function reveal(entry) {
  if (atEnd) scroller.scrollTop = entry.offsetTop - 16;
  else byId("newer").hidden = false;
}

// Before the first entry that came while nobody was looking, or before the page was loaded
function drawTheLine() {
  if (!byId("new")) all().find(isNew)?.before(byId("new-line").content.firstElementChild.cloneNode(true));
}

// An entry is seen once its beginning is in sight.
export function look() {
  if (isLooking()) {
    const sight = scroller.scrollTop + scroller.clientHeight - BEGINS_ABOVE;
    seen = Math.max(seen, all().findLast((entry) => entry.offsetTop < sight)?.dataset.id ?? 0);
    report();
  }
  const unread = all().filter(isNew).length;
  document.title = unread ? `(${unread}) ${title}` : title;
  tell("unread", unread);
}

function report() {
  if (seen !== reported && send({ seen })) reported = seen;
}

export function beginReading() {
  all().forEach(settle); // it may have arrived before the page was left
  latest = entries.lastElementChild;
  seen = reported = Number(chat.dataset.seen);
  drawTheLine();
  if (byId("new")) scroller.scrollTop = byId("new").offsetTop - 16;
  else scrollAlong();
  look();
}

on("htmx:ws:after:message:incoming", () => {
  const entry = entries.lastElementChild;
  if (!entry || entry === latest) return scrollAlong();
  settle(entry);
  if (byId(entry.id) !== entry) return entry.remove();
  latest = entry;
  connection.url = connection.url.replace(/after=\d+/, `after=${entry.dataset.id}`);
  byId("welcome")?.remove();
  if (!isLooking()) drawTheLine();
  reveal(entry);
  look();
  if (!entry.matches(".borrower, .system")) tell("answered");
});

scroller.addEventListener("scroll", () => {
  atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < BEGINS_ABOVE;
  if (atEnd) byId("newer").hidden = true;
  look();
}, { passive: true });

byId("newer").addEventListener("click", scrollToEnd);
document.addEventListener("visibilitychange", look);
on("connected", look);
new ResizeObserver(() => {
  scrollAlong();
  look();
}).observe(scroller);
