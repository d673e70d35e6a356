// The parts of the page that everything else works on, and how the parts tell each other what happens.

export const byId = (id) => document.getElementById(id);
export const chat = byId("chat");
export const scroller = byId("scroller");
export const entries = byId("entries");
export const sending = byId("sending");
export const draft = byId("draft");

export const frame = { isUsed: "embedders" in chat.dataset, isOpen: true, pass: "" };

export const on = (name, react) => chat.addEventListener(name, react);
export const tell = (name, detail) => chat.dispatchEvent(new CustomEvent(name, { detail }));
