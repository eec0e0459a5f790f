// Block Kit as elements of the page. `context` knows names, values, errors and what happens when something is done.

import { freshId, h } from "./dom.js";
import { fieldOf, isField } from "./fields.js";
import { emoji, link, mrkdwn, plain, textObject } from "./mrkdwn.js";
import { datePart, say } from "./words.js";

export function drawBlocks(blocks, context) {
  return blocks.map((block) => (BLOCKS[block.type] ?? unsupported)(block, context));
}

const unsupported = (block) => h("p", { class: "note" }, say("unsupported", { type: block.type }));

function section(block, context) {
  const { names } = context;
  const fields = block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, textObject(field, names)))) : null;
  const body = h("div", { class: "section-text" }, block.text ? h("div", { class: "text" }, textObject(block.text, names)) : null, fields);
  const accessory = block.accessory ? h("div", { class: "accessory" }, drawElement(block.accessory, block, context)) : null;
  return h("div", { class: "section" }, body, accessory);
}

const header = (block) => h("h3", { class: "block-header" }, plain(block.text.text));
const divider = () => h("hr");

function contextBlock(block, context) {
  const parts = block.elements.map((element) =>
    element.type === "image" ? picture(element, "small") : h("span", {}, textObject(element, context.names)));
  return h("div", { class: "context" }, parts);
}

function actions(block, context) {
  return h("div", { class: "actions" }, block.elements.map((element) => drawElement(element, block, context)));
}

function image(block) {
  const title = block.title ? h("figcaption", {}, plain(block.title.text)) : null;
  return h("figure", { class: "image" }, title, picture(block, "large"));
}

function picture(element, size) {
  const node = h("img", { src: element.image_url, alt: element.alt_text, class: `picture ${size}`, loading: "lazy" });
  // Pictures of other servers are not fetched; their description is shown instead.
  node.addEventListener("error", () => node.replaceWith(h("span", { class: "note" }, `🖼 ${element.alt_text}`)));
  return node;
}

function input(block, context) {
  const { element } = block;
  const [id, labelId, hintId, errorId] = [freshId(), freshId(), freshId(), freshId()];
  const error = context.errors?.[block.block_id];
  const describedBy = [error && errorId, block.hint && hintId].filter(Boolean).join(" ") || undefined;
  const about = { id, labelledBy: labelId, describedBy, optional: Boolean(block.optional) };
  const mark = block.optional ? h("span", { class: "optional" }, ` ${say("optional")}`) : null;
  const label = h("label", { id: labelId, for: id, class: "label" }, plain(block.label.text), mark);
  const hint = block.hint ? h("p", { id: hintId, class: "hint" }, plain(block.hint.text)) : null;
  const wrong = error ? h("p", { id: errorId, class: "error" }, error) : null;
  const known = isField(element) ? fieldOf(element, block, context, about) : unsupported(element);
  if (error) known.querySelector("input, textarea, select")?.setAttribute("aria-invalid", "true");
  return h("div", { class: error ? "input wrong" : "input", "data-input": block.block_id }, label, known, wrong, hint);
}

function table(block, context) {
  const cell = (content, tag) => h(tag, {}, content.type === "rich_text" ? richText(content, context) : plain(content.text));
  const [head, ...rows] = block.rows;
  const headRow = h("tr", {}, head.map((content) => cell(content, "th")));
  const bodyRows = rows.map((row) => h("tr", {}, row.map((content) => cell(content, "td"))));
  return h("div", { class: "table" }, h("table", {}, h("thead", {}, headRow), h("tbody", {}, bodyRows)));
}

// Standard Markdown, as far as it differs from Slack's own: bold, links, headings.
function markdown(block, context) {
  const text = block.text
    .replace(/\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>")
    .replace(/^#{1,6} +(.+)$/gm, "*$1*")
    .replace(/\*\*(.+?)\*\*/g, "*$1*");
  return h("div", { class: "text" }, mrkdwn(text, context.names));
}

const alert = (block, context) => h("div", { class: "alert", role: "note" }, textObject(block.text, context.names));

// Rich text

function richText(block, context) {
  return h("div", { class: "text" }, block.elements.map((element) => RICH[element.type]?.(element, context) ?? unsupported(element)));
}

const pieces = (element, context) => element.elements.map((piece) => richPiece(piece, context));

const RICH = {
  rich_text_section: (element, context) => h("p", {}, pieces(element, context)),
  rich_text_quote: (element, context) => h("blockquote", {}, pieces(element, context)),
  rich_text_preformatted: (element, context) => h("pre", {}, pieces(element, context)),
  rich_text_list: (element, context) =>
    h(element.style === "ordered" ? "ol" : "ul", { class: `indent-${Math.min(element.indent ?? 0, 4)}`, start: (element.offset ?? 0) + 1 },
      element.elements.map((item) => h("li", {}, pieces(item, context)))),
};

function richPiece(piece, { names }) {
  const made = {
    text: () => piece.text,
    link: () => link(piece.url, piece.text),
    emoji: () => emoji(piece.name),
    user: () => h("span", { class: "mention" }, `@${names.person(piece.user_id)}`),
    channel: () => h("span", { class: "mention" }, `#${names.channel(piece.channel_id)}`),
    broadcast: () => h("span", { class: "mention" }, `@${piece.range}`),
    date: () => piece.format.replace(/\{(\w+)\}/g, (_, name) => datePart(name, new Date(piece.timestamp * 1000), names.now())),
  }[piece.type]?.() ?? "";
  const styles = { bold: "strong", italic: "em", strike: "s", code: "code" };
  return Object.entries(styles).reduce((node, [style, tag]) => (piece.style?.[style] ? h(tag, {}, node) : node), made);
}

// Elements that act

export function drawElement(element, block, context) {
  if (element.type === "image") return picture(element, "medium");
  if (element.type === "button" || element.type === "workflow_button") return button(element, block, context);
  if (element.type === "overflow") return overflow(element, block, context);
  if (!isField(element)) return unsupported(element);
  const label = element.placeholder ? plain(element.placeholder.text) : block.text ? plain(block.text.text) : say("choose");
  return fieldOf(element, block, context, { label });
}

function button(element, block, context) {
  const name = element.accessibility_label ? { "aria-label": element.accessibility_label } : {};
  const node = h("button", { type: "button", class: `button ${element.style ?? ""}`, "data-button": element.action_id, ...name }, plain(element.text.text));
  node.addEventListener("click", () => {
    if (element.url) window.open(element.url, "_blank", "noopener");
    context.act(element, block, null, node);
  });
  return node;
}

function overflow(element, block, context) {
  const items = element.options.map((option) => {
    const item = h("button", { type: "button", class: "menu-item" }, plain(option.text.text));
    item.addEventListener("click", () => {
      menu.open = false;
      if (option.url) window.open(option.url, "_blank", "noopener");
      context.act(element, block, option.value, item);
    });
    return item;
  });
  const menu = menuOf(say("more"), items);
  return menu;
}

// A menu behind three dots; it closes on Escape and when the focus leaves it.
export function menuOf(label, items) {
  const menu = h("details", { class: "menu" }, h("summary", { "aria-label": label, title: label }, "⋯"), h("div", { class: "menu-items" }, items));
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) setTimeout(() => { menu.open = false; }, 120);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
    event.stopPropagation();
  });
  return menu;
}

const BLOCKS = {
  section, header, divider, context: contextBlock, actions, image, input, table, data_table: table, markdown, alert,
  rich_text: richText,
};
