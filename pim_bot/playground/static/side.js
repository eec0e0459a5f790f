// The left side: conversations of the person one is, and the people one can be, with what each has not read.

import { byId, h } from "./dom.js";
import { say } from "./words.js";

const MANY = 12; // from so many people on, one can search among them

function badge(count) {
  return count ? h("span", { class: "badge" }, h("span", { "aria-hidden": "true" }, String(count)), h("span", { class: "hidden" }, say("unread", { count }))) : null;
}

function entry({ key, chosen, text, note, count, mark, act }) {
  const button = h("button", { type: "button", class: "entry", "data-key": key, "aria-current": chosen ? "true" : undefined },
    mark ? h("span", { class: "mark", "aria-hidden": "true" }, mark) : null,
    h("span", { class: "entry-text" }, h("span", { class: count ? "strong" : "" }, text), note ? h("span", { class: "entry-note" }, note) : null),
    badge(count));
  button.addEventListener("click", act);
  return h("li", {}, button);
}

// Replace a list, but leave the keyboard where it was.
function replace(root, nodes) {
  const key = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  root.replaceChildren(...nodes);
  if (key) root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export function drawConversations(state, channel, home, names, go) {
  const direct = state.conversations.find((conversation) => conversation.id === state.direct);
  const channels = state.conversations.filter((conversation) => conversation.kind === "channel");
  const bot = names.person(state.bot);
  replace(byId("conversations"), [
    entry({ key: state.direct, mark: "●", chosen: channel === state.direct, text: say("directWith", { bot }), count: direct?.unread ?? 0, act: () => go(state.direct) }),
    ...(home ? [entry({ key: home, mark: "⌂", chosen: channel === home, text: say("home"), count: 0, act: () => go(home) })] : []),
    ...channels.map((conversation) => entry({
      key: conversation.id,
      mark: conversation.private ? "🔒" : "#",
      chosen: channel === conversation.id,
      text: conversation.name,
      note: conversation.archived ? say("archived") : null,
      count: conversation.unread,
      act: () => go(conversation.id),
    })),
  ]);
}

export function drawPeople(state, me, become) {
  const all = state.people.filter((person) => !person.is_bot && !person.deleted);
  const search = byId("find-person");
  search.hidden = all.length < MANY;
  const wanted = folded(search.value);
  const groups = new Map();
  for (const person of all) {
    if (!folded(`${person.real_name} ${person.title} ${person.group}`).includes(wanted)) continue;
    const group = person.group || "";
    groups.set(group, [...(groups.get(group) ?? []), person]);
  }
  replace(byId("people"), [...groups].flatMap(([group, people]) => [
    group ? h("h3", {}, group) : null,
    h("ul", { class: "list" }, people.map((person) => personEntry(person, me, become))),
  ].filter(Boolean)));
}

function personEntry(person, me, become) {
  return entry({
    key: person.id,
    chosen: person.id === me,
    mark: person.id === me ? "✓" : " ",
    text: [person.real_name, person.id === me ? h("span", { class: "hidden" }, ` (${say("me")})`) : null],
    note: person.title,
    count: person.unread,
    act: () => become(person.id),
  });
}

// „Żory” is found by "zory" as well.
const folded = (text) => text.toLowerCase().replace(/ł/g, "l").normalize("NFD").replace(/\p{M}/gu, "");
