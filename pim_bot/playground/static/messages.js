// The conversation in the middle. A message is drawn anew only if it has changed, so that nothing typed in it is lost.

import { byId, h } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { redraw } from "./fields.js";
import { emoji, mrkdwn, plain } from "./mrkdwn.js";
import { dayKey, dayOf, languageNow, say, sayError, timeOf } from "./words.js";

const drawn = new Map(); // ts → {node, key}
let shown = "";

export function drawMessages(state, page) {
  const list = byId("messages");
  if (page.moved) drawn.clear();
  const before = new Set(drawn.keys());
  const nodes = [];
  let day = "";
  let previous = null;
  for (const message of inThreads(state.messages)) {
    const at = new Date(message.shown_at);
    if (dayKey(at) !== day) {
      day = dayKey(at);
      nodes.push(h("li", { class: "day" }, h("span", {}, dayOf(at))));
      previous = null;
    }
    nodes.push(messageNode(message, isFollowing(previous, message), page));
    previous = message;
  }
  if (!nodes.length) nodes.push(h("li", { class: "note empty" }, say("empty")));
  keep(list, nodes);
  announce(state, before, page);
}

// Put the nodes into the list without moving those that are already there, which would take their focus away.
function keep(list, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

// Replies stand under their parent.
function inThreads(messages) {
  const parents = new Set(messages.filter((message) => !message.thread_ts).map((message) => message.ts));
  const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && parents.has(message.thread_ts);
  return messages.filter((message) => !isReply(message)).flatMap((message) => [
    message,
    ...messages.filter((reply) => isReply(reply) && reply.thread_ts === message.ts),
  ]);
}

const isFollowing = (previous, message) =>
  Boolean(previous) && previous.user === message.user && !message.thread_ts && !previous.thread_ts && !message.ephemeral && !previous.ephemeral &&
  Math.abs(new Date(message.shown_at) - new Date(previous.shown_at)) < 300_000;

function messageNode(message, following, page) {
  const key = JSON.stringify([{ ...message, values: null }, following, languageNow()]);
  const known = drawn.get(message.ts);
  if (known?.key === key) return known.node;
  const node = known?.node ?? h("li", {});
  redraw(node, () => fill(node, message, following, page));
  drawn.set(message.ts, { node, key });
  return node;
}

function fill(node, message, following, page) {
  const { names } = page;
  const person = names.people().find((one) => one.id === message.user);
  const name = person?.real_name ?? message.user;
  node.className = ["message", following && "following", message.ephemeral && "ephemeral", message.thread_ts && "reply", message.notice && "failed"].filter(Boolean).join(" ");
  node.dataset.ts = message.ts;
  const problem = h("p", { class: "error", role: "alert", hidden: true });
  const onError = (error) => {
    problem.hidden = !error;
    problem.textContent = error ? sayError(error) : "";
  };
  const at = new Date(message.shown_at);
  const meta = h("div", { class: "meta" },
    h("strong", {}, name),
    person?.is_bot ? h("span", { class: "tag" }, say("bot")) : null,
    h("time", { datetime: message.shown_at }, timeOf(at)),
    message.edited ? h("span", {}, `(${say("edited")})`) : null,
    message.thread_ts ? h("span", {}, `↳ ${say("inThread")}`) : null,
    message.ephemeral ? h("span", { class: "only-you" }, say("onlyYou")) : null);
  const blocks = message.blocks.length
    ? drawBlocks(message.blocks, page.context({ channel: message.channel, ts: message.ts }, { values: message.values, root: node, onError }))
    : [h("div", { class: "text" }, message.notice ? sayError(message.notice) : mrkdwn(message.text, names))];
  const files = message.files.map((name) => h("p", { class: "note" }, `📎 ${name}`));
  const reactions = Object.entries(message.reactions).map(([reaction, count]) => {
    const pressed = { type: "button", class: "reaction", title: `:${reaction}:`, "aria-pressed": String(message.mine.includes(reaction)) };
    return h("button", { ...pressed, onclick: () => page.react(message, reaction) }, `${emoji(reaction)} ${count}`);
  });
  const body = h("div", { class: "message-body" }, meta, h("div", { class: "blocks" }, blocks), files, problem, reactions);
  node.replaceChildren(avatar(message.notice ? "!" : name, person), body, page.menu(message) ?? "");
}

// A square with initials; the colour follows from the name.
function avatar(name, person) {
  const letters = person?.is_bot ? name.slice(0, 3) : name.split(/\s+/).filter((word) => /^\p{L}/u.test(word)).slice(0, 2).map((word) => word[0]).join("");
  const tone = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return h("span", { class: `avatar tone-${person?.is_bot ? "bot" : tone}`, "aria-hidden": "true" }, letters);
}

// Tell a screen reader of messages that came while one was looking.
function announce(state, before, page) {
  const where = `${state.me}/${state.channel}`;
  const fresh = where === shown && !page.moved ? state.messages.filter((message) => !before.has(message.ts) && message.user !== state.me) : [];
  shown = where;
  if (!fresh.length) return;
  byId("live").replaceChildren(...fresh.map((message) => h("p", {}, say("newMessage", { who: page.names.person(message.user), text: plain(message.text) }))));
}
