// What the page in a frame asks of the server: another language, a way out, a document. Loaded when it first does.

import { restart } from "./saying.js";

export async function submit({ target, submitter }, post, lender) {
  const said = new URLSearchParams([[submitter.name, submitter.value]]);
  const answer = await post(target.getAttribute("action"), said, "application/x-www-form-urlencoded");
  if (!answer.ok) return;
  if (said.has("language")) restart(said.get("language"));
  else lender.postMessage({ ask: "leave" });
}

export async function open(link, post) {
  const answer = await post("/embedded/tickets", JSON.stringify({ path: link.pathname }));
  if (!answer.ok) return;
  const once = link.cloneNode();
  once.target = "_blank";
  once.search = new URLSearchParams(await answer.json());
  once.click();
}
