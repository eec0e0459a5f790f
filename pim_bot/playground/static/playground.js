// The page: who I am, where I look, what I see, what I do. The server's state is read anew after every change.

import { byId, h } from "./dom.js";
import { drawBlocks, menuOf } from "./blocks.js";
import { redraw, typedIn } from "./fields.js";
import { Modal, confirmed } from "./modal.js";
import { drawMessages } from "./messages.js";
import { drawConversations, drawPeople } from "./side.js";
import { emoji, mrkdwn, plain } from "./mrkdwn.js";
import { languageNow, momentOf, say, sayError, setLanguage, setZone } from "./words.js";

const HOME = "home";
let hasHome = true; // whether the app has a Home tab
const FIRST_HIDDEN = "pim-playground-first-hidden";

let settings = null;
let state = null;
let me = "";
let channel = "";
let ahead = 0; // programme time less this machine's time
let drawnIn = ""; // what the middle shows: person, conversation, language
const drafts = new Map();

// Talking to the server

async function post(act, given) {
  try {
    const response = await fetch(`ui/${act}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: me, ...given }),
    });
    const told = response.headers.get("Content-Type")?.includes("json") ? await response.json() : { error: `HTTP ${response.status}` };
    await refresh();
    return told;
  } catch {
    return { error: say("offline") };
  }
}

let reading = null;
let readAgain = false;

// Read the state; a change that comes meanwhile is read right after.
function refresh() {
  if (reading) {
    readAgain = true;
    return reading;
  }
  reading = readState().finally(() => {
    reading = null;
    if (readAgain) {
      readAgain = false;
      refresh();
    }
  });
  return reading;
}

async function readState() {
  const wanted = `${me}/${channel}`;
  const query = new URLSearchParams({ user: me, channel: channel === HOME ? "" : channel });
  const response = await fetch(`ui/state?${query}`);
  if (!response.ok) return;
  const told = await response.json();
  if (wanted !== `${me}/${channel}`) {
    readAgain = true;
    return;
  }
  state = told;
  ahead = new Date(state.now).getTime() - Date.now();
  if (channel !== HOME) channel = state.channel;
  draw();
  markRead();
}

function markRead() {
  const shown = state.conversations.find((conversation) => conversation.id === channel);
  if (shown?.unread && !document.hidden) post("read", { channel });
}

function listen() {
  const changes = new EventSource("ui/changes");
  changes.onmessage = () => {
    if (byId("status").textContent === say("offline")) tell("");
    refresh();
  };
  changes.onerror = () => tell(say("offline"));
}

// Names and acts for everything that is drawn

const names = {
  now: () => new Date(Date.now() + ahead),
  people: () => state.people,
  conversations: () => state.conversations,
  person: (id) => state.people.find((person) => person.id === id)?.real_name ?? id,
  channel: (id) => state.conversations.find((conversation) => conversation.id === id)?.name ?? id,
};

// What blocks need to know and do, in a message ({channel, ts}) or a view ({view_id}).
function context(place, { values, errors, root, onError }) {
  const act = async (element, block, value, node) => {
    if (element.confirm && !(await confirmed(element.confirm))) return;
    const button = node.closest("button");
    if (button) button.disabled = true;
    const told = await post("click", { ...place, block_id: block.block_id, action_id: element.action_id, value, typed: typedIn(root) });
    if (button) {
      button.disabled = false;
      if (document.activeElement === document.body && button.isConnected) button.focus();
    }
    onError(told.error ?? "");
  };
  return {
    names,
    values,
    errors,
    act,
    // A field on its own acts at once; one in an input block only if the block says so.
    changed: (element, block, node) => {
      if (block.type !== "input" || block.dispatch_action) act(element, block, node.field.read(), node);
    },
    suggest: async (element, block, query) => {
      const told = await post("suggest", { ...place, block_id: block.block_id, action_id: element.action_id, query });
      if (told.error) onError(told.error);
      return [{ options: told.options ?? [] }];
    },
  };
}

const modal = new Modal({
  post,
  context: (place, more) => context(place, { ...more, onError: (error) => error && more.onError(error) }),
});

// Drawing

function draw() {
  document.documentElement.lang = languageNow();
  const where = `${me}/${channel}/${languageNow()}`;
  const moved = where !== drawnIn;
  drawnIn = where;
  drawTop();
  drawConversations(state, channel, hasHome ? HOME : null, names, go);
  drawPeople(state, me, become);
  drawHeading();
  const scroll = byId("scroll");
  const atEnd = moved || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  byId("messages").hidden = channel === HOME;
  byId("home").hidden = channel !== HOME;
  byId("composer").hidden = channel === HOME;
  if (channel === HOME) drawHome(moved);
  else drawMessages(state, { names, context, moved, tell, menu: messageMenu, react });
  if (atEnd && channel !== HOME) scroll.scrollTop = scroll.scrollHeight;
  if (moved && channel === HOME) scroll.scrollTop = 0;
  modal.show(state.modal);
}

function drawTop() {
  byId("product").textContent = settings.product;
  byId("team").textContent = state.team;
  document.title = `${settings.product} · ${state.team}`;
  drawClock();
  const unread = state.people.filter((person) => !person.is_bot).reduce((sum, person) => sum + person.unread, 0);
  byId("menu-unread").hidden = !unread;
  byId("menu-unread").textContent = unread;
}

function drawClock() {
  byId("now").textContent = momentOf(names.now());
  byId("now").dateTime = names.now().toISOString();
}

function drawHeading() {
  const shown = state.conversations.find((conversation) => conversation.id === channel);
  const bot = names.person(state.bot);
  const isDirect = channel === state.direct || !shown;
  byId("title").textContent = channel === HOME ? say("home") : isDirect ? say("directWith", { bot }) : `#${shown.name}`;
  byId("subtitle").textContent =
    channel === HOME ? say("homeNote", { me: names.person(me) })
    : isDirect ? say("directNote", { me: names.person(me) })
    : shown.archived ? say("archived") : say("channelNote", { members: shown.members });
}

let homeDrawn = "";

function drawHome(moved) {
  const key = JSON.stringify([state.home?.hash ?? null, me, languageNow()]);
  if (key === homeDrawn && !moved) return;
  homeDrawn = key;
  const root = byId("home");
  const onError = (error) => tell(error ? sayError(error) : "");
  redraw(root, () => {
    const blocks = state.home
      ? drawBlocks(state.home.blocks, context({ view_id: state.home.id }, { values: state.home.values, root, onError }))
      : [h("p", { class: "note" }, say("homeEmpty"))];
    root.replaceChildren(...blocks);
  });
}

function messageMenu(message) {
  const items = settings.shortcuts.filter((shortcut) => shortcut.on_message).map((shortcut) =>
    menuItem(shortcut.name, () => useShortcut(shortcut, message)));
  for (const name of settings.reactions) {
    const label = say(message.mine.includes(name) ? "unreact" : "react", { emoji: emoji(name) });
    items.push(menuItem(label, () => react(message, name)));
  }
  if (message.user === me) {
    items.push(menuItem(say("edit"), () => edit(message)), menuItem(say("removeMessage"), () => actOn("remove", message)));
  }
  return items.length && !message.ephemeral ? menuOf(say("more"), items) : null;
}

const menuItem = (label, onclick) => h("button", { type: "button", class: "menu-item", onclick }, label);

async function actOn(act, message, given = {}) {
  const told = await post(act, { channel: message.channel, ts: message.ts, ...given });
  tell(told.error ? sayError(told.error) : "");
}

const react = (message, name) => actOn("react", message, { name });

function edit(message) {
  const text = prompt(say("editMessage"), plain(message.text));
  if (text?.trim()) actOn("edit", message, { text });
}

async function useShortcut(shortcut, message) {
  const told = await post("shortcut", { callback_id: shortcut.callback_id, channel: message?.channel, ts: message?.ts });
  tell(told.error ? sayError(told.error) : "");
}

// Words that stand still

function drawWords() {
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  byId("progress").setAttribute("aria-label", say("windBusy"));
  byId("show-first").title = say("tryFirst");
  byId("winding").setAttribute("aria-label", say("windLabel"));
  byId("languages").setAttribute("aria-label", say("language"));
  byId("examples").setAttribute("aria-label", say("examples"));
  byId("find-person").placeholder = say("findPerson");
  byId("composer-text").placeholder = say("placeholder", { command: settings.command });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === languageNow()));
  }
  drawFirst();
  drawExamples();
}

function drawFirst() {
  const lines = settings.try_first[languageNow()] ?? settings.try_first.pl ?? [];
  byId("first").hidden = !lines.length || localStorage.getItem(FIRST_HIDDEN) === "yes";
  byId("show-first").hidden = !lines.length || !byId("first").hidden;
  byId("first-lines").replaceChildren(...lines.map((line) => h("li", {}, mrkdwn(line, names).map(tryable))));
}

// A command in the hints can be pressed: it goes into the composer.
function tryable(node) {
  if (node.tagName !== "CODE" || !node.textContent.startsWith("/")) return node;
  return h("button", { type: "button", class: "command", onclick: () => intoComposer(node.textContent) }, node.textContent);
}

function drawExamples() {
  const texts = settings.examples.map((example) => `${settings.command} ${example}`.trim());
  const globals = settings.shortcuts.filter((shortcut) => !shortcut.on_message);
  byId("examples").replaceChildren(
    ...texts.map((text) => h("button", { type: "button", class: "command", onclick: () => intoComposer(text) }, text)),
    ...globals.map((shortcut) => h("button", { type: "button", class: "command shortcut", onclick: () => useShortcut(shortcut) }, `⚡ ${shortcut.name}`)),
  );
}

// What one does on the page

function go(where) {
  drafts.set(`${me}/${channel}`, byId("composer-text").value);
  channel = where;
  remember();
  byId("composer-text").value = drafts.get(`${me}/${channel}`) ?? "";
  fit();
  tell("");
  openSide(false);
  if (where === HOME) post("home", {});
  else refresh();
}

function become(person) {
  drafts.set(`${me}/${channel}`, byId("composer-text").value);
  const stays = state.conversations.find((conversation) => conversation.id === channel)?.kind === "channel";
  me = person;
  channel = stays ? channel : channel === HOME ? HOME : "";
  remember();
  byId("composer-text").value = drafts.get(`${me}/${channel}`) ?? "";
  fit();
  tell("");
  openSide(false);
  if (channel === HOME) post("home", {});
  else refresh();
}

const remember = () => history.replaceState(null, "", `#${[me, channel].filter(Boolean).join("/")}`);

function tell(text) {
  byId("status").textContent = text;
}

function intoComposer(text) {
  if (channel === HOME) go(state.direct);
  const field = byId("composer-text");
  field.value = text;
  fit();
  field.focus();
}

function fit() {
  const field = byId("composer-text");
  field.rows = Math.min(6, field.value.split("\n").length);
}

async function send() {
  const field = byId("composer-text");
  const text = field.value.trim();
  if (!text) return;
  const command = text.split(/\s/)[0];
  if (text.startsWith("/") && command !== settings.command) {
    tell(say("noCommand", { command, known: settings.command }));
    return;
  }
  field.value = "";
  fit();
  tell(text.startsWith("/") ? say("sending") : "");
  const told = await post(text.startsWith("/") ? "command" : "say", { channel, text });
  tell(told.error ? sayError(told.error) : "");
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
}

const LARGEST_FILE = 700_000;

async function attach(file) {
  if (file.size > LARGEST_FILE) {
    tell(say("tooLarge"));
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const told = await post("drop", { channel, name: file.name, data: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) });
  tell(told.error ? sayError(told.error) : "");
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
}

async function wind(given) {
  const buttons = byId("winding").querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  byId("progress").hidden = false;
  tell(say("windBusy"));
  const told = await post("wind", given);
  byId("progress").hidden = true;
  buttons.forEach((button) => { button.disabled = false; });
  if (told.error) tell(say("windFailed", { error: told.error }));
  else tell(told.now ? say("windDone", { now: momentOf(new Date(told.now)) }) : say("windNothing"));
}

function openSide(open) {
  document.body.classList.toggle("side-open", open);
  byId("menu").setAttribute("aria-expanded", String(open));
}

function bind() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  byId("composer-text").addEventListener("input", fit);
  byId("attach").addEventListener("click", () => byId("attached").click());
  byId("attached").addEventListener("change", ({ target }) => {
    if (target.files.length) attach(target.files[0]);
    target.value = "";
  });
  byId("composer-text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  byId("menu").addEventListener("click", () => openSide(!document.body.classList.contains("side-open")));
  document.addEventListener("keydown", (event) => event.key === "Escape" && openSide(false));
  document.addEventListener("visibilitychange", () => state && markRead());
  for (const button of document.querySelectorAll("[data-wind]")) {
    button.addEventListener("click", () => wind(JSON.parse(button.dataset.wind)));
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      setLanguage(button.dataset.language);
      drawWords();
      modal.again();
      draw();
    });
  }
  byId("hide-first").addEventListener("click", () => showFirst(false));
  byId("show-first").addEventListener("click", () => showFirst(true));
  byId("find-person").addEventListener("input", () => drawPeople(state, me, become));
  setInterval(() => state && drawClock(), 5000);
}

function showFirst(shown) {
  localStorage.setItem(FIRST_HIDDEN, shown ? "no" : "yes");
  drawFirst();
}

async function begin() {
  settings = await (await fetch("ui/settings")).json();
  setZone(settings.zone);
  const people = settings.people.filter((person) => !person.is_bot && !person.deleted);
  const [person, place] = decodeURIComponent(location.hash.slice(1)).split("/");
  me = people.some((one) => one.id === person) ? person : people[0]?.id ?? "";
  channel = place ?? "";
  state = { people: settings.people, conversations: [], now: new Date().toISOString() };
  byId("winding").hidden = !settings.can_wind;
  hasHome = settings.home;
  drawWords();
  bind();
  await refresh();
  listen();
}

begin();
