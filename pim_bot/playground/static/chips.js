// What is chosen in a field that takes several: a small label with a button to take it out again.

import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { say } from "./words.js";

export const optionText = (option) => plain(option.text.text);

export function chip(text, remove) {
  const button = h("button", { type: "button", "aria-label": say("remove", { what: text }), onclick: remove }, "×");
  return h("li", { class: "chip" }, text, button);
}
