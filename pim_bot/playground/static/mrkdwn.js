// Slack's text formatting, turned into elements. Text never becomes HTML: every piece is a text node.

import { h } from "./dom.js";
import { datePart } from "./words.js";

const EMOJI = {
  "+1": "👍", "-1": "👎", alarm_clock: "⏰", arrow_right: "➡️", bell: "🔔", bar_chart: "📊", blue_circle: "🔵",
  books: "📚", bulb: "💡", bust_in_silhouette: "👤", busts_in_silhouette: "👥", calendar: "📆", clipboard: "📋",
  clock9: "🕘", cityscape: "🏙️", classical_building: "🏛️", deciduous_tree: "🌳", email: "✉️", envelope: "✉️",
  eyes: "👀", exclamation: "❗", file_folder: "📁", flag_pl: "🇵🇱", globe_with_meridians: "🌐", green_circle: "🟢",
  "flag-pl": "🇵🇱", hourglass: "⌛", house: "🏠", information_source: "ℹ️", key: "🔑", link: "🔗", lock: "🔒",
  mag: "🔍", memo: "📝", microphone: "🎤", no_entry: "⛔", paperclip: "📎", pencil: "✏️", pencil2: "✏️",
  pushpin: "📌", question: "❓", red_circle: "🔴", round_pushpin: "📍", seedling: "🌱", speech_balloon: "💬",
  spiral_calendar_pad: "🗓️", star: "⭐", tada: "🎉", train: "🚆", warning: "⚠️", wave: "👋", white_check_mark: "✅",
  white_circle: "⚪", x: "❌", yellow_circle: "🟡", airplane: "✈️", date: "📅", heavy_check_mark: "✔️",
};

const TOKENS = new RegExp(
  [
    "<(?<token>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    "(?<![\\p{L}\\p{N}*])\\*(?=\\S)(?<bold>[^*\\n]*[^*\\s])\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?=\\S)(?<italic>[^_\\n]*[^_\\s])_(?![\\p{L}\\p{N}_])",
    "(?<![\\p{L}\\p{N}~])~(?=\\S)(?<strike>[^~\\n]*[^~\\s])~(?![\\p{L}\\p{N}~])",
    ":(?<emoji>[a-z0-9_+'-]+):",
  ].join("|"),
  "gu",
);

const entities = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

// A whole mrkdwn text: code blocks, quotes, list lines, and what stands in the lines.
export function mrkdwn(text, names) {
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)\n?```\n?/);
  return parts.flatMap((part, index) => {
    if (index % 2) return [h("pre", {}, entities(part.replace(/<([^|<>]+)\|([^<>]+)>/g, "$2")))];
    return part ? lines(part, names) : [];
  });
}

// Lines with quotes gathered into one block; other lines are parted by line breaks.
function lines(text, names) {
  const nodes = [];
  let quote = null;
  const all = text.replace(/\n$/, "").split("\n");
  all.forEach((line, index) => {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    const target = quoted ? (quote ??= nodes[nodes.push(h("blockquote")) - 1]) : null;
    if (!quoted) quote = null;
    const content = oneLine(quoted ? quoted[1] : line, names);
    if (target) target.append(...(target.hasChildNodes() ? [h("br")] : []), ...content);
    else nodes.push(...content, ...(index < all.length - 1 ? [h("br")] : []));
  });
  return nodes;
}

function oneLine(text, names) {
  const item = text.match(/^\s*[•◦‣-] (.*)$/u);
  return item ? [h("span", { class: "item" }, inline(item[1], names))] : inline(text, names);
}

function inline(text, names) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(TOKENS)) {
    if (found.index > from) nodes.push(entities(text.slice(from, found.index)));
    nodes.push(token(found, names));
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push(entities(text.slice(from)));
  return nodes;
}

function token(found, names) {
  const { token: special, code, bold, italic, strike, emoji } = found.groups;
  if (special !== undefined) return reference(special, names);
  if (code !== undefined) return h("code", {}, entities(code));
  if (bold !== undefined) return h("strong", {}, inline(bold, names));
  if (italic !== undefined) return h("em", {}, inline(italic, names));
  if (strike !== undefined) return h("s", {}, inline(strike, names));
  return EMOJI[emoji] ?? found[0];
}

// What stands in <…>: a person, a channel, a date, a call to all, or a link.
function reference(body, names) {
  const [target, label] = splitOnce(body, "|");
  if (target.startsWith("@")) return mention(`@${label || names.person(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label || names.channel(target.slice(1))}`);
  if (target.startsWith("!date^")) return date(target, label, names);
  if (target.startsWith("!subteam^")) return mention(label || "@…");
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`);
  return link(entities(target), label ? entities(label) : null);
}

const mention = (text) => h("span", { class: "mention" }, text);

export function link(address, label) {
  const safe = /^(https?:|mailto:|tel:)/i.test(address);
  const text = label ?? address.replace(/^mailto:/, "");
  return safe ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text) : text;
}

function date(target, fallback, names) {
  const [, seconds, format, address] = target.split("^");
  const instant = new Date(Number(seconds) * 1000);
  if (Number.isNaN(instant.getTime())) return fallback ?? "";
  const text = format.replace(/\{(\w+)\}/g, (_, name) => datePart(name, instant, names.now()));
  const node = h("time", { datetime: instant.toISOString(), title: fallback }, text);
  return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, node) : node;
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

// A plain_text: only emoji and line breaks mean anything.
export function plain(text) {
  return String(text ?? "").replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

export function emoji(name) {
  return EMOJI[name] ?? `:${name}:`;
}

// A text object of either kind.
export function textObject(object, names) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : [plain(object.text)];
}
