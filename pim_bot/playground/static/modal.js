// The open modal: native <dialog>, so that the focus stays inside and Escape works. What was typed survives updates.

import { byId, h } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { redraw, typedIn } from "./fields.js";
import { plain } from "./mrkdwn.js";
import { say, sayError } from "./words.js";

export class Modal {
  constructor({ post, context }) {
    this.dialog = byId("modal");
    this.post = post;
    this.context = context;
    this.view = null;
    this.problem = "";
    this.errors = {};
    this.busy = false;
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    // A browser may close a dialog by force at a second Escape.
    this.dialog.addEventListener("close", () => this.view && this.close());
  }

  // Show the view that the state tells of; nothing is touched if it is the same.
  show(view) {
    if (!view) return this.hide();
    const same = this.view?.id === view.id;
    if (same && this.view.hash === view.hash) {
      this.view = view;
      return;
    }
    this.view = view;
    if (same) this.errors = {};
    else {
      this.errors = view.errors ?? {};
      this.problem = "";
      this.busy = false;
      this.dialog.replaceChildren();
    }
    redraw(this.dialog, () => this.draw());
    if (!this.dialog.open) this.dialog.showModal();
    if (!same) this.focusFirst();
  }

  hide() {
    this.view = null;
    this.busy = false;
    if (this.dialog.open) this.dialog.close();
    this.dialog.replaceChildren();
  }

  again() {
    if (this.view) redraw(this.dialog, () => this.draw());
  }

  draw() {
    const { view } = this;
    const scrolled = this.dialog.querySelector(".modal-body")?.scrollTop ?? 0;
    const back = view.depth > 1 ? h("button", { type: "button", class: "quiet", onclick: () => this.close() }, `‹ ${say("back")}`) : null;
    const end = h("button", { type: "button", class: "quiet end", "aria-label": say("closeAll"), onclick: () => this.close(true) }, "×");
    const top = h("header", {}, back, h("h2", { id: "modal-title" }, plain(view.title)), end);
    const problem = h("p", { class: "problem", role: "alert" }, this.problem);
    problem.hidden = !this.problem;
    const body = h("div", { class: "modal-body" }, problem, drawBlocks(view.blocks, this.contextOf(view)));
    const cancel = h("button", { type: "button", class: "button", onclick: () => this.close() }, plain(view.close ?? say("close")));
    const send = view.submit ? h("button", { type: "submit", class: "button primary" }, plain(view.submit)) : null;
    const form = h("form", { novalidate: true, autocomplete: "off" }, top, body, h("footer", {}, cancel, send));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.dialog.replaceChildren(form);
    body.scrollTop = scrolled;
    this.setBusy(this.busy);
  }

  contextOf(view) {
    return this.context({ view_id: view.id }, {
      values: view.values,
      errors: this.errors,
      root: this.dialog,
      onError: (error) => this.fail(error),
    });
  }

  setBusy(busy) {
    this.busy = busy;
    const send = this.dialog.querySelector("button[type=submit]");
    if (!send) return;
    send.disabled = busy;
    send.textContent = busy ? say("submitting") : plain(this.view.submit);
  }

  async submit() {
    if (this.busy) return;
    const { id } = this.view;
    this.setBusy(true);
    const told = await this.post("submit", { view_id: id, typed: typedIn(this.dialog) });
    this.setBusy(false);
    if (this.view?.id !== id) return;
    const withheld = Object.fromEntries(Object.entries(told.withheld ?? {}).map(([block, code]) => [block, say(code)]));
    this.errors = { ...withheld, ...told.errors };
    this.problem = told.error ? sayError(told.error) : "";
    this.again();
    const wrong = this.dialog.querySelector(".wrong");
    (wrong?.querySelector("input, textarea, select") ?? wrong)?.focus();
    wrong?.scrollIntoView({ block: "nearest" });
  }

  fail(error) {
    this.problem = sayError(error);
    this.again();
  }

  async close(all = false) {
    const { view } = this;
    if (!view) return;
    await this.post("close", { view_id: view.id, all });
  }

  focusFirst() {
    const named = this.view.blocks.find((block) => block.element?.focus_on_load);
    const root = named ? this.dialog.querySelector(`[data-input="${CSS.escape(named.block_id)}"]`) : this.dialog.querySelector(".modal-body");
    (root?.querySelector("input:not([hidden]), textarea, select, button") ?? this.dialog.querySelector("footer button"))?.focus();
  }
}

// Ask for confirmation as a confirm object says; tells yes or no.
export function confirmed(confirm) {
  const dialog = byId("confirm");
  return new Promise((answer) => {
    const done = (value) => {
      dialog.close();
      answer(value);
    };
    const yes = h("button", { type: "button", class: `button ${confirm.style ?? "primary"}`, onclick: () => done(true) }, plain(confirm.confirm?.text ?? say("yes")));
    const no = h("button", { type: "button", class: "button", onclick: () => done(false) }, plain(confirm.deny?.text ?? say("no")));
    const title = h("header", {}, h("h2", { id: "confirm-title" }, plain(confirm.title?.text ?? "")));
    dialog.replaceChildren(title, h("div", { class: "modal-body" }, plain(confirm.text?.text ?? "")), h("footer", {}, no, yes));
    dialog.oncancel = (event) => {
      event.preventDefault();
      done(false);
    };
    dialog.showModal();
    yes.focus();
  });
}
