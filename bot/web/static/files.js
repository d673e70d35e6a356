// Sending a file: a bubble with its name, its size and how far it has come. Loaded when the first file is chosen.

import { byId, chat, frame, sending } from "./page.js";
import { mark, newId, place } from "./saying.js";

const LONGEST_NAME = 80;
const limits = byId("file").dataset;

let isSending = false;

export function sendFile(file) {
  const bubble = place("unsent-file", newId(), file.name);
  bubble.querySelector(".size").textContent = inWords(file.size);
  bubble.send = () => transfer(bubble, file);
  bubble.addEventListener("submit", (event) => {
    event.preventDefault();
    bubble.send();
  });
  bubble.querySelector("[data-cancel]").addEventListener("click", () => {
    bubble.request?.abort();
    bubble.remove();
  });
  if (file.size > limits.largest) refuse(bubble, limits.tooLarge);
  else if (file.type && !byId("file").accept.includes(file.type)) refuse(bubble, limits.unknownKind);
  else bubble.send();
}

function transfer(bubble, file) {
  if (bubble.dataset.state === "refused" || bubble.dataset.state === "sending") return;
  if (isSending || chat.dataset.connection !== "open") return mark(bubble, "waiting");
  isSending = true;
  mark(bubble, "sending");
  const request = (bubble.request = new XMLHttpRequest());
  request.open("POST", `/files?client_id=${bubble.dataset.clientId}`);
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name.slice(-LONGEST_NAME)));
  if (frame.pass) request.setRequestHeader("Authorization", `Bearer ${frame.pass}`);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bubble.querySelector("progress").value = loaded / total;
  });
  request.addEventListener("load", () => {
    if (request.status === 413) refuse(bubble, limits.tooLarge);
    else if (request.status >= 300) mark(bubble, "failed");
  });
  request.addEventListener("error", () => mark(bubble, "failed"));
  request.addEventListener("loadend", () => {
    isSending = false;
    sending.querySelector("[data-state=waiting]")?.send();
  });
  request.send(file);
}

function refuse(bubble, why) {
  bubble.querySelector("[data-when=refused]").textContent = why;
  mark(bubble, "refused");
}

function inWords(bytes) {
  const [unit, size] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const form = { style: "unit", unit, maximumFractionDigits: size < 10 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, form).format(size);
}
