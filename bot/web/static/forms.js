// The forms of the page in a frame: another language, and the ways out. Loaded when the first one is sent.

import { restart } from "./saying.js";

export async function submit({ target, submitter }, post, lender) {
  const said = new URLSearchParams([[submitter.name, submitter.value]]);
  const answer = await post(target.getAttribute("action"), said, "application/x-www-form-urlencoded");
  if (!answer.ok) return;
  if (said.has("language")) restart(said.get("language"));
  else lender.postMessage({ ask: "leave" });
}
