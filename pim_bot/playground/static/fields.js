// The elements that hold a value. Each is a node with data-block and data-action whose `field` can read and write:
// read() gives what the server takes (a text, an option's value, a whole suggested option, or a list of these).

import { chip, optionText } from "./chips.js";
import { freshId, h } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";
import { picker } from "./picker.js";
import { say, valueInWords } from "./words.js";

const TEXT_TYPES = {
  plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number",
};
const DATE_TYPES = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

export const isField = (element) => element.type in MAKERS;

// Build a field. `about` binds it to its label: {id, describedBy, label, optional, invalid}.
export function fieldOf(element, block, context, about) {
  const node = h("div", { class: `field field-${element.type}`, "data-block": block.block_id, "data-action": element.action_id });
  node.dataset.kind = element.type;
  const changed = () => context.changed(element, block, node);
  node.field = MAKERS[element.type](element, node, { ...about, block, context, changed });
  const state = context.values?.[block.block_id]?.[element.action_id];
  if (state) node.field.write(rawOf(state));
  return node;
}

// From Slack's state of a field to what read() gives.
function rawOf(state) {
  const external = state.type.includes("external");
  const raw = (option) => (external ? option : option.value);
  if ("selected_option" in state) return state.selected_option ? raw(state.selected_option) : null;
  if ("selected_options" in state) return state.selected_options.map(raw);
  return Object.entries(state).find(([name]) => name !== "type")?.[1] ?? null;
}

const described = (about) => ({
  id: about.id,
  "aria-describedby": about.describedBy,
  "aria-label": about.label,
  "aria-required": about.optional === false ? "true" : undefined,
});

function textField(element, node, about) {
  const many = element.multiline || element.type === "rich_text_input";
  const input = h(many ? "textarea" : "input", {
    ...described(about),
    type: many ? undefined : TEXT_TYPES[element.type],
    rows: many ? 4 : undefined,
    maxlength: element.max_length,
    step: element.type === "number_input" ? (element.is_decimal_allowed ? "any" : "1") : undefined,
    min: element.min_value,
    max: element.max_value,
    placeholder: element.placeholder ? plain(element.placeholder.text) : undefined,
  });
  const onEnter = element.dispatch_action_config?.trigger_actions_on?.includes("on_enter_pressed") ?? true;
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !many && about.block.dispatch_action && onEnter) about.changed();
  });
  node.append(input);
  return { read: () => input.value, write: (value) => { input.value = value ?? ""; } };
}

function richTextField(element, node, about) {
  const inner = textField(element, node, about);
  const read = () => {
    const text = inner.read();
    return text ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] } : null;
  };
  const write = (value) => inner.write(value?.elements?.[0]?.elements?.map((part) => part.text ?? "").join("") ?? "");
  return { read, write };
}

function dateField(element, node, about) {
  const type = DATE_TYPES[element.type];
  const input = h("input", { ...described(about), type });
  // The browser writes dates in its own language and clock; the words beside them are in the page's.
  const words = h("span", { class: "note", "aria-hidden": "true" });
  const write = (value) => {
    input.value = value;
    words.textContent = valueInWords(type, value);
  };
  input.addEventListener("input", () => write(input.value));
  input.addEventListener("change", about.changed);
  node.append(input, words);
  if (element.type !== "datetimepicker") return { read: () => input.value, write: (value) => write(value ?? "") };
  return {
    read: () => (input.value ? Math.floor(new Date(input.value).getTime() / 1000) : null),
    write: (seconds) => write(seconds ? localMinutes(new Date(seconds * 1000)) : ""),
  };
}

const localMinutes = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

// The fixed choices of a select, grouped: [{label, options: [{value, text}]}].
function groupsOf(element, context) {
  const plainOptions = (options) => options.map((option) => ({ value: option.value, text: optionText(option) }));
  if (element.option_groups) {
    return element.option_groups.map((group) => ({ label: plain(group.label.text), options: plainOptions(group.options) }));
  }
  if (element.options) return [{ options: plainOptions(element.options) }];
  if (element.type.includes("users")) {
    const people = context.names.people().filter((person) => !person.is_bot && !person.deleted);
    return [{ options: people.map((person) => ({ value: person.id, text: person.real_name })) }];
  }
  const channels = context.names.conversations().filter((conversation) => conversation.kind === "channel");
  return [{ options: channels.map((channel) => ({ value: channel.id, text: `#${channel.name}` })) }];
}

const optionNodes = (groups) =>
  groups.map((group) => {
    const nodes = group.options.map((option) => h("option", { value: option.value }, option.text));
    return group.label ? h("optgroup", { label: group.label }, nodes) : nodes;
  });

function selectField(element, node, about) {
  const hint = element.placeholder ? plain(element.placeholder.text) : say("choose");
  const select = h("select", described(about), h("option", { value: "" }, hint), optionNodes(groupsOf(element, about.context)));
  select.addEventListener("change", about.changed);
  node.append(select);
  return {
    read: () => select.value || null,
    write: (value) => { select.value = [...select.options].some((option) => option.value === value) ? value : ""; },
  };
}

// Several of fixed choices: what is chosen stands as chips, the rest can be added from a select.
function multiField(element, node, about) {
  const groups = groupsOf(element, about.context);
  const texts = new Map(groups.flatMap((group) => group.options.map((option) => [option.value, option.text])));
  const chips = h("ul", { class: "chips" });
  const select = h("select", described(about));
  let chosen = [];
  const draw = () => {
    chips.replaceChildren(...chosen.map((value) => chip(texts.get(value), () => change(chosen.filter((one) => one !== value)))));
    const left = groups.map((group) => ({ ...group, options: group.options.filter((option) => !chosen.includes(option.value)) }));
    select.replaceChildren(h("option", { value: "" }, element.placeholder ? plain(element.placeholder.text) : say("add")), ...optionNodes(left).flat());
    select.disabled = Boolean(element.max_selected_items) && chosen.length >= element.max_selected_items;
  };
  const change = (values) => {
    chosen = values;
    draw();
    about.changed();
  };
  select.addEventListener("change", () => select.value && change([...chosen, select.value]));
  node.append(chips, select);
  draw();
  return {
    read: () => [...chosen],
    write: (values) => { chosen = (values ?? []).filter((value) => texts.has(value)); draw(); },
  };
}

// Radio buttons and checkboxes.
function ticksField(element, node, about) {
  const kind = element.type === "checkboxes" ? "checkbox" : "radio";
  const name = freshId();
  const boxes = element.options.map((option) => {
    const id = freshId();
    const box = h("input", { type: kind, name, id, value: option.value, onchange: about.changed });
    const description = option.description ? h("span", { class: "note" }, textObject(option.description, about.context.names)) : null;
    node.append(h("div", { class: "tick" }, box, h("label", { for: id }, textObject(option.text, about.context.names), description)));
    return box;
  });
  node.setAttribute("role", kind === "radio" ? "radiogroup" : "group");
  if (about.labelledBy) node.setAttribute("aria-labelledby", about.labelledBy);
  if (about.describedBy) node.setAttribute("aria-describedby", about.describedBy);
  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  if (kind === "radio") {
    return { read: () => ticked()[0] ?? null, write: (value) => boxes.forEach((box) => { box.checked = box.value === value; }) };
  }
  return { read: ticked, write: (values) => boxes.forEach((box) => { box.checked = (values ?? []).includes(box.value); }) };
}

function noFileField(element, node) {
  node.append(h("p", { class: "note" }, say("noFiles")));
  return { read: () => [], write: () => {} };
}

const MAKERS = {
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  rich_text_input: richTextField,
  datepicker: dateField,
  timepicker: dateField,
  datetimepicker: dateField,
  static_select: selectField,
  users_select: selectField,
  conversations_select: selectField,
  channels_select: selectField,
  multi_static_select: multiField,
  multi_users_select: multiField,
  multi_conversations_select: multiField,
  multi_channels_select: multiField,
  external_select: picker,
  multi_external_select: picker,
  radio_buttons: ticksField,
  checkboxes: ticksField,
  file_input: noFileField,
};

// Everything that stands in the fields under a node: {block_id: {action_id: value}}.
export function typedIn(root) {
  const typed = {};
  for (const node of root.querySelectorAll("[data-action]")) {
    if (node.field) (typed[node.dataset.block] ??= {})[node.dataset.action] = node.field.read();
  }
  return typed;
}

// Draw a node anew without losing what was typed: fields with the same ids and kind keep their value, and the focus
// and the caret stay where they were.
export function redraw(root, build) {
  const before = [...root.querySelectorAll("[data-action]")].filter((node) => node.field);
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const place = focused?.closest("[data-action]");
  const caret = focused && "selectionStart" in focused ? focused.selectionStart : null;
  build();
  for (const old of before) {
    const same = matching(root, old);
    if (same) same.field.write(old.field.read());
  }
  const again = place && matching(root, place)?.querySelector("input, textarea, select, button");
  if (again) {
    again.focus();
    if (caret !== null && /text|search|url|textarea/.test(again.type)) again.setSelectionRange(caret, caret);
  }
}

const matching = (root, old) =>
  [...root.querySelectorAll("[data-action]")].find(
    (node) => node.field && ["block", "action", "kind"].every((name) => node.dataset[name] === old.dataset[name]),
  );
