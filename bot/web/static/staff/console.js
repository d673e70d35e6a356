// Keys, clocks and the list of keys. Every element with data-shortcut is pressed by its keys.

const PAUSE = 1200;
const SOON = 5 * 60;
let typed = [];
let lastAt = 0;

function reachable() {
  const shown = [...document.querySelectorAll("[data-shortcut]")].filter((element) => element.checkVisibility());
  const dialog = document.querySelector(".q-dialog .dialog");
  return dialog ? shown.filter((element) => dialog.contains(element)) : shown;
}

function isWriting(target) {
  return target.closest("input, textarea, select, [contenteditable=true]") !== null;
}

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("dialog[open]");
  if (open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target)) return;
  if (event.key.length !== 1) return;
  if (event.timeStamp - lastAt > PAUSE) typed = [];
  lastAt = event.timeStamp;
  typed.push(event.key);
  const elements = reachable();
  for (let from = 0; from < typed.length; from += 1) {
    const keys = typed.slice(from).join(" ");
    const pressed = elements.find((element) => element.dataset.shortcut === keys);
    if (pressed) {
      event.preventDefault();
      typed = [];
      pressed.click();
      if (document.activeElement === document.body) pressed.focus();
      return;
    }
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  const dialog = document.getElementById(opener.dataset.opens);
  if (dialog.id === "shortcuts") listShortcuts(dialog);
  dialog.showModal();
});

function listShortcuts(dialog) {
  const list = dialog.querySelector("dl");
  list.replaceChildren(...reachable().flatMap((element) => entry(element, list.dataset.then)));
}

function entry(element, then) {
  const keys = document.createElement("dt");
  element.dataset.shortcut.split(" ").forEach((key, place) => {
    if (place) keys.append(` ${then} `);
    keys.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  });
  const words = element.getAttribute("aria-label") ?? element.title ?? "";
  return [keys, Object.assign(document.createElement("dd"), { textContent: words || element.textContent })];
}

function clock(seconds) {
  const whole = Math.abs(Math.trunc(seconds));
  const [hours, minutes, rest] = [Math.trunc(whole / 3600), Math.trunc(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function tick() {
  for (const timer of document.querySelectorAll(".timer")) {
    const since = timer.dataset.since;
    const seconds = (since ? Date.now() - Date.parse(since) : Date.parse(timer.dataset.until) - Date.now()) / 1000;
    const shown = since || seconds >= 0 ? clock(seconds) : `−${clock(seconds)}`;
    if (timer.textContent !== shown) timer.textContent = shown;
    timer.classList.toggle("soon", !since && seconds >= 0 && seconds < SOON);
    timer.classList.toggle("over", !since && seconds < 0);
  }
}

setInterval(tick, 1000);
new MutationObserver(tick).observe(document.body, { childList: true, subtree: true });
