// What the borrower does on the page: writes, presses buttons, chooses files.

import { byId, chat, draft, frame, on, tell } from "./page.js";
import { beginReading, send, show } from "./reading.js";
import { forget, say, takeKept } from "./saying.js";

// ---- Writing

const composer = byId("composer");

function write(text) {
  draft.value = text;
  fitDraft();
}

function fitDraft() {
  draft.style.height = "auto";
  draft.style.height = `${draft.scrollHeight}px`;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = draft.value.trim();
  write("");
  if (text) say("text", text, text);
  else tell("kept");
});

draft.addEventListener("input", fitDraft);
draft.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  composer.requestSubmit();
});

// ---- A sign to staff that the borrower is writing

const EVERY = 3000;

let signalledAt = -EVERY;

function signal(writing) {
  if (writing ? performance.now() - signalledAt < EVERY : signalledAt < 0) return;
  if (send({ writing })) signalledAt = writing ? performance.now() : -EVERY;
}

draft.addEventListener("input", () => signal(draft.value.trim() !== ""));
on("kept", () => draft.value || signal(false));

// ---- Files: chosen, dropped or pasted

const loadSending = () => import("./files.js");
const connected = () => new Promise((go) => chat.addEventListener("connected", go, { once: true }));

composer.addEventListener("focusin", () => loadSending().catch(() => null), { once: true });

async function sendFiles(files) {
  const chosen = [...files];
  const { sendFile } = await loadSending().catch(() => connected().then(loadSending));
  chosen.forEach(sendFile);
}

byId("attach").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", ({ target }) => {
  sendFiles(target.files);
  target.value = "";
});

draft.addEventListener("paste", (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  sendFiles(event.clipboardData.files);
});

for (const name of ["dragover", "dragleave", "drop"]) {
  on(name, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    chat.toggleAttribute("data-dropping", name === "dragover");
    if (name === "drop") sendFiles(event.dataTransfer.files);
  });
}

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
  request(button) {
    closeMenu();
    say("request", button.dataset.request, button.dataset.words);
  },
  dismiss: (button) => button.parentElement.remove(),
  fill(button) {
    write(button.dataset.fill);
    draft.focus();
  },
};

on("click", (event) => {
  const button = event.target.closest("button");
  const press = Object.keys(presses).find((name) => button && name in button.dataset);
  if (press) presses[press](button);
});

// ---- The menu

const menu = byId("menu");
const sound = byId("sound");
const SOUND = "respite-sound";

function closeMenu() {
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.firstElementChild.focus();
}

document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
on("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  event.stopImmediatePropagation();
  closeMenu();
});

async function chime() {
  (await import("./sound.js")).chime();
}

function soundSwitch(use) {
  try {
    return !frame.isUsed && use(localStorage);
  } catch {
    return false; // the switch then holds until the page is left
  }
}

sound.checked = soundSwitch((kept) => kept.getItem(SOUND));
sound.addEventListener("change", () => {
  soundSwitch((kept) => (sound.checked ? kept.setItem(SOUND, "on") : kept.removeItem(SOUND)));
  if (sound.checked) chime();
});
on("answered", () => sound.checked && chime());

byId("ways-out").addEventListener("submit", ({ target }) => target.target || forget());
byId("languages").addEventListener("submit", (event) => chat.dataset.connection === "open" || event.preventDefault());

// ---- The beginning

show("connecting");
const kept = takeKept();
write(kept.draft ?? draft.value);
for (const { kind, value, shown, clientId } of kept.said ?? []) say(kind, value, shown, clientId);
if (frame.isUsed) frame.pass = kept.pass;
else beginReading();
if (document.documentElement.dataset.theme) (await import("./theme.js")).keepReadable();
