// The keyboard of the slip page; after desk.js.
"use strict";

/* The slip page: every change goes to the server at once, in order; the keyboard need not wait for it. */
class Slip {
  constructor(root) {
    this.root = root;
    this.base = `/review/${root.dataset.item}`;
    this.queue = Promise.resolve();
    this.pictures = new Pictures(root);
    this.isLeaving = false;
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("submit", (event) => this.submit(event));
    root.addEventListener("focusin", (event) => this.focused(event));
    for (const act of ["keydown", "pointerdown"]) document.addEventListener(act, () => { this.begun += 1; }, { capture: true });
    root.addEventListener("change", (event) => { if (event.target.name === "waive") this.tick(event.target); });
    this.arrivedMs = 0;
    this.presses = 0;
    this.begun = 0; // keys and clicks, by which an answer that comes later knows whether somebody is elsewhere by now
    this.doubted = new Set();
    this.changed = false;
    this.waived = new Set();
    this.updateAccept();
    document.getElementById("keys-on").checked = localStorage.getItem("keys") !== "off";
    document.getElementById("keys-on").addEventListener("change", (event) => localStorage.setItem("keys", event.target.checked ? "on" : "off"));
    const ask = async () => {
      const answer = await askByItself(`${this.base}/here`, {});
      if (answer && answer.ok) swap(await answer.text());
    };
    setInterval(ask, 30000);
    window.addEventListener("focus", ask); // what was settled in another window is told to who comes back from it
    this.go(this.open()[0]);
  }

  cards() { return [...this.root.querySelectorAll(".field.settle, .field.doubt, .field.missing")]; }
  open() { return this.cards().filter((card) => card.dataset.state !== "sure"); }
  /** The focus moved; at Accept, the time is noted from which on a key counts there. */
  focused(event) {
    if (event.target.id === "accept") this.arrivedMs = performance.now();
    this.mark();
  }

  card() { const at = document.activeElement; return at && at.closest(".field, .tick"); }

  /** Focus the next field to review; a missing empty field is ready for typing at once. */
  go(card) {
    if (!card) {
      const accept = document.getElementById("accept");
      return accept.disabled ? document.getElementById("main").focus() : accept.focus();
    }
    const input = card.querySelector("[data-edit] [name=value]");
    if (input && card.dataset.state === "missing" && !input.value) input.focus();
    else card.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  /** The next doubt after `card`, from the start again at the end, and never `card` itself. */
  following(card) {
    const all = this.cards();
    const at = all.indexOf(card);
    const order = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))];
    return order.find((other) => other.dataset.state !== "sure" && other !== card);
  }

  /**
   * Send a change to a card, and move on without waiting; once all are sent, the last answer says where to go. A new value
   * that is in doubt too leads back to its card, unless something else was begun meanwhile; what stood there stays behind.
   */
  save(card, fields, stay) {
    const name = card.dataset.field;
    const next = stay ? null : this.following(card);
    const before = card.dataset.state;
    const isNew = "value" in fields && fields.value !== card.dataset.value;
    card.dataset.state = "sure";
    served.delete(card.id);
    if (next) this.go(next);
    const begun = this.begun;
    const there = this.card()?.id;
    this.post("edit", { field: name, ...fields }).then((ok) => {
      const doubted = ok && this.warnDoubted(card.id);
      if (ok === null) this.reopen(card, before);
      if (!ok || stay) return;
      if (doubted && isNew && this.begun === begun && this.card()?.id === there) this.go(doubted);
      else if (!next || !this.open().length) this.go(this.open()[0]);
    });
  }

  /** An answer that did not reach the server is open again, and the next one is sent as if it had not been tried. */
  reopen(card, state) {
    card.dataset.state = state;
    this.updateAccept();
    this.go(document.getElementById(card.id));
  }

  /** The corner names each answer that is in doubt all the same; the card, if there is one, of the answer that was sent. */
  warnDoubted(id) {
    const card = document.getElementById(id);
    if (!card || card.dataset.state === "sure") return null;
    this.doubted.add(id);
    const all = [...this.doubted].map((one) => document.getElementById(one)).filter((one) => one && one.dataset.state !== "sure");
    const label = (one) => one.querySelector("h3").textContent;
    if (all.length > 1) announce(`Still in doubt: ${all.map(label).join(", ")}.`);
    else if (card.dataset.state === "missing") announce("This is needed: type it, ask the office (M), or reject the slip (X).");
    else announce(`Still in doubt: ${[...card.querySelectorAll(".finding")].map((line) => line.textContent).at(-1) || label(card)}`);
    return card;
  }

  /** One request after the other, each with the version that the one before brought; resolves to null without a connection. */
  post(act, fields) {
    this.queue = this.queue.then(() => this.deliver(act, fields)).catch(() => {
      announce("refpad does not answer, and this is not saved: answer it again.");
      return null;
    });
    return this.queue;
  }

  async deliver(act, fields) {
    const version = document.getElementById("version").value;
    const answer = await send(`${this.base}/${act}`, { ...fields, version, why: this.root.dataset.why });
    const text = await answer.text();
    if (answer.ok) {
      swap(text);
      this.changed = act !== "code" || this.changed;
      this.updateAccept();
      const now = document.getElementById("version").value;
      for (const input of document.querySelectorAll("[data-version]")) input.value = now;
      this.pictures.show();
      this.mark();
      return true;
    }
    if (answer.status === 409) showConflict(text) || announce(sentence(text));
    else if (answer.status === 401) location.assign("/login");
    else {
      announce(sentence(text));
      const page = await fetch(location.href);
      if (page.ok) { swap(await page.text()); this.updateAccept(); this.pictures.show(); }
    }
    return false;
  }

  click(event) {
    const target = event.target;
    const goto = target.closest("[data-goto]");
    if (goto) return document.getElementById(`card-${goto.dataset.goto}`).focus();
    const code = target.closest("[data-code]");
    if (code) return this.post("code", { code: code.dataset.code, act: code.hasAttribute("data-drop") ? "drop" : "keep" });
    const card = target.closest(".field, .tick");
    const choice = target.closest("[data-choice]");
    if (choice) return this.choose(card, choice);
    if (target.closest("[data-confirm]")) return this.save(card, { act: "confirm" });
    if (target.closest("[data-toggle]")) return this.toggle(card);
    if (target.closest("#undo")) return this.undo();
    if (target.closest("#ask, [data-ask]")) return this.askOffice();
    if (target.closest("#accept")) return this.acceptClicked(event);
  }

  choose(card, choice) {
    this.save(card, choice.hasAttribute("data-current") ? { act: "confirm" } : { value: choice.dataset.choice });
  }

  toggle(card) {
    this.save(card, { value: card.dataset.value === "checked" ? "unchecked" : "checked" }, card.matches(".tick"));
  }

  /** A doubt about the paper is let stand, or not: a tick that is sent with Accept. */
  tick(input) {
    const card = input.closest(".field");
    if (input.checked) this.waived.add(input.value);
    else this.waived.delete(input.value);
    card.dataset.state = input.checked ? "sure" : "doubt";
    this.updateAccept();
  }

  waive(card) {
    const input = card.querySelector("[name=waive]");
    input.checked = true;
    this.tick(input);
    this.go(this.following(card));
  }

  /** Accept stands ready when nothing is left; ticks are set again in parts that the server has renewed. */
  updateAccept() {
    for (const input of this.root.querySelectorAll("[name=waive]")) {
      input.checked = this.waived.has(input.value);
      input.closest(".field").dataset.state = input.checked ? "sure" : "doubt";
    }
    const button = document.getElementById("accept");
    if (!button.hasAttribute("data-ready")) return;
    const left = this.open().length;
    button.disabled = left > 0;
    button.querySelector("span").textContent = left ? `${left} to review` : "Accept";
  }

  /** Accept is an act of its own: no key of the first half second, no second click of two. */
  acceptClicked(event) {
    const byKey = event.detail === 0;
    const tooSoon = byKey && performance.now() - this.arrivedMs < ACT_AFTER_MS;
    if (!tooSoon && event.detail < 2) return;
    event.preventDefault();
    this.arrivedMs = performance.now();
    if (tooSoon) announce("All reviewed. Press Enter once more to accept.");
  }

  /** A: accept, or on to what is left, once all is saved and the first half second is over; another key takes it back. */
  acceptByLetter() {
    const presses = this.presses;
    this.queue.then(() => {
      if (presses !== this.presses) return;
      if (document.getElementById("accept").disabled) return this.go(this.open()[0]);
      const waitMs = Math.max(0, ACT_AFTER_MS - (performance.now() - this.arrivedMs));
      this.accepting = setTimeout(() => this.acceptAfterWait(), waitMs);
    });
  }

  /** The letter's half second is over, even where a browser's timer, which counts whole milliseconds, came a moment early. */
  acceptAfterWait() {
    this.arrivedMs = -Infinity;
    document.getElementById("accept").click();
  }

  /** Undo the last change here; if there is none yet, the accept of a moment ago. */
  undo() {
    const accepted = document.getElementById("accepted");
    if (accepted && !this.changed) return accepted.requestSubmit();
    this.post("undo", {}).then((ok) => { if (ok) this.go(this.open()[0]); });
  }

  submit(event) {
    const form = event.target;
    if (form.matches("[data-edit]")) {
      event.preventDefault();
      this.submitEdit(form);
    } else if (form.id === "code-search") {
      event.preventDefault();
      send("/codes", new FormData(form)).then(async (answer) => answer.ok && swap(await answer.text()));
    } else if (form.id === "pad-form") {
      event.preventDefault();
      this.post("edit", Object.fromEntries(new FormData(form))).then((ok) => ok && location.reload());
    } else if (form.id === "actions") {
      event.preventDefault();
      if (this.isLeaving) return;
      this.isLeaving = true;
      this.queue.then(() => sendForm(document.getElementById("actions"))).finally(() => setTimeout(() => { this.isLeaving = false; }, LEAVING_MS));
    }
  }

  /** What was typed is a new value; what was left unchanged is confirmed. */
  submitEdit(form) {
    const input = form.querySelector("[name=value]");
    const same = input.value === input.dataset.current;
    this.save(form.closest(".field"), same ? { act: "confirm" } : { value: input.value });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    clearTimeout(this.accepting);
    this.presses += 1;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.repeat && (event.key === "Enter" || (!typing && (event.key.length === 1 || event.key === "Backspace")))) return event.preventDefault();
    if (typing) return this.typingKey(event);
    const card = this.card();
    if (event.key === "Enter" && card && card.dataset.kind === "warning") {
      event.preventDefault();
      return this.waive(card);
    }
    if (event.key === "Enter" && event.target === card && card.dataset.kind === "duplicate") {
      event.preventDefault();
      return location.assign(card.querySelector("[data-compare]").href);
    }
    if (event.key === "Enter" && event.target === card && card.matches(".field")) {
      event.preventDefault();
      return card.dataset.kind === "text" ? this.save(card, { act: "confirm" }) : this.confirmChoice(card);
    }
    if (localStorage.getItem("keys") === "off") return;
    const digit = /^[1-9]$/.test(event.key) && card && card.querySelectorAll("[data-choice]")[Number(event.key) - 1];
    const act = digit ? () => this.choose(card, digit) : this.letter(event.key.toLowerCase(), card, event.target);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Enter on a box or signature: confirm what was read if it was clear; otherwise ask for a number. */
  confirmChoice(card) {
    const clear = [...card.querySelectorAll("[data-choice]")].find((choice) => choice.dataset.choice === card.dataset.value);
    if (clear) this.choose(card, clear);
    else {
      const keys = [...card.querySelectorAll("[data-choice]")].map((_, index) => index + 1);
      announce(`Press ${keys.slice(0, -1).join(", ")} or ${keys.at(-1)}: what does the paper say?`);
    }
  }

  typingKey(event) {
    const form = event.target.closest("[data-edit]");
    if (!form) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submitEdit(form);
    } else if (event.key === "Escape") {
      event.target.value = event.target.dataset.current;
      form.closest(".field").focus();
    }
  }

  letter(key, card, target) {
    const input = card && card.querySelector("[data-edit] [name=value]");
    return {
      e: input && (() => { input.focus(); input.select(); }),
      " ": card && card.dataset.kind === "box" && target === card && card.matches(".field") && (() => this.toggle(card)),
      backspace: () => this.back(card),
      u: () => this.undo(),
      a: () => this.acceptByLetter(),
      x: () => openDialog(document.getElementById("reject")),
      m: () => this.askOffice(),
      n: () => document.getElementById("next").click(),
      z: () => this.root.classList.toggle("large"),
      "?": () => openDialog(document.getElementById("keys")),
    }[key];
  }

  /** The question to the office, with what is missing checked, or else what one is at: doubts of the reader are none of its. */
  askOffice() {
    const box = document.getElementById("missing");
    if (!box) return announce("This slip's office cannot be asked now, or was asked already.");
    const missing = this.open().filter((card) => card.dataset.state === "missing");
    const here = this.card();
    const cards = missing.length ? missing : here && here.dataset.state === "doubt" ? [here] : [];
    const names = new Set(cards.map((card) => card.dataset.field));
    for (const field of box.querySelectorAll("[name=field]")) field.checked = names.has(field.value);
    openDialog(box);
  }

  back(card) {
    const all = this.cards();
    const at = all.indexOf(card);
    this.go(all[at > 0 ? at - 1 : all.length - 1]);
  }

  /** Highlight the focused field on the picture. */
  mark() {
    const card = this.card();
    for (const frame of this.root.querySelectorAll(".frame")) frame.classList.toggle("now", Boolean(card) && frame.dataset.goto === card.dataset.field);
  }
}

/* Two slips side by side: a digit presses its button or, where a reason must be chosen first, goes there. */
function watchCompare(heading) {
  heading.focus();
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
    if (event.target.matches("input:not([type=radio]), textarea, select")) return;
    const named = /^[1-3]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    if (!named) return;
    event.preventDefault();
    named.matches("button") ? named.click() : named.focus();
  });
}

const compare = document.getElementById("compare");
if (compare) watchCompare(compare);
const slip = document.getElementById("slip");
if (slip) new Slip(slip);
