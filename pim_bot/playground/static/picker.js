// A select whose options come from the bot while one types: a combobox with a list under it.

import { chip, optionText } from "./chips.js";
import { freshId, h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { say } from "./words.js";

const PAUSE = 180;

export function picker(element, node, about) {
  const several = element.type.startsWith("multi");
  const listId = freshId();
  const chips = h("ul", { class: "chips" });
  const list = h("ul", { class: "offers", id: listId, role: "listbox", hidden: true });
  const input = h("input", {
    type: "text",
    id: about.id,
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-label": about.label,
    "aria-describedby": about.describedBy,
    placeholder: element.placeholder ? plain(element.placeholder.text) : say("typeToFind"),
  });
  let chosen = [];
  let offers = [];
  let active = -1;
  let asked = 0;
  let timer = 0;

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  };
  const drawChips = () => {
    chips.replaceChildren(...chosen.map((option) => chip(optionText(option), () => change(chosen.filter((one) => one !== option)))));
    const full = several ? chosen.length >= (element.max_selected_items ?? Infinity) : chosen.length > 0;
    input.hidden = full;
  };
  const change = (options) => {
    chosen = options;
    drawChips();
    if (!input.hidden) input.focus();
    about.changed();
  };
  const take = (option) => {
    input.value = "";
    show(false);
    change(several ? [...chosen.filter((one) => one.value !== option.value), option] : [option]);
  };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    const item = list.children[index];
    if (item?.id) input.setAttribute("aria-activedescendant", item.id);
    item?.scrollIntoView({ block: "nearest" });
  };
  const note = (text) => {
    offers = [];
    list.replaceChildren(h("li", { class: "note" }, text));
    show(true);
  };
  const offer = (groups) => {
    offers = groups.flatMap((group) => group.options);
    if (!offers.length) return note(say("nothingFound"));
    list.replaceChildren(...offers.map((option) => {
      const description = option.description ? h("span", { class: "note" }, plain(option.description.text)) : null;
      const item = h("li", { role: "option", id: freshId() }, optionText(option), description);
      // Not a click, which would come after the input has lost its focus and the list has gone.
      item.addEventListener("pointermove", () => mark(offers.indexOf(option)));
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(option); });
      return item;
    }));
    show(true);
    mark(0);
  };
  const ask = async () => {
    const query = input.value.trim();
    if (query.length < (element.min_query_length ?? 3)) return show(false);
    const mine = (asked += 1);
    note(say("searching"));
    const groups = await about.context.suggest(element, about.block, query);
    if (mine === asked && document.activeElement === input) offer(groups);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("focus", () => (element.min_query_length ?? 3) === 0 && ask());
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && offers.length) mark((active + steps[event.key] + offers.length) % offers.length);
    else if (event.key === "Enter" && offers[active]) take(offers[active]);
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  node.append(chips, h("div", { class: "combo" }, input, list));
  drawChips();
  return {
    read: () => (several ? [...chosen] : chosen[0] ?? null),
    write: (value) => { chosen = (several ? value ?? [] : [value]).filter(Boolean); drawChips(); },
  };
}
