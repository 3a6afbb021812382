// The keyboard of the slip page; after desk.js.
"use strict";

/* The slip page: every word goes to the server at once, in order; the keyboard need not wait for it. */
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
    root.addEventListener("focusin", () => this.mark());
    document.getElementById("keys-on").checked = localStorage.getItem("keys") !== "off";
    document.getElementById("keys-on").addEventListener("change", (event) => localStorage.setItem("keys", event.target.checked ? "on" : "off"));
    setInterval(() => send(`${this.base}/here`, {}, BY_ITSELF).then((answer) => answer.ok && answer.text().then(swap)), 30000);
    this.go(this.open()[0]);
  }

  cards() { return [...this.root.querySelectorAll(".field.settle, .field.doubt, .field.missing")]; }
  open() { return this.cards().filter((card) => card.dataset.state !== "sure"); }
  card() { const at = document.activeElement; return at && at.closest(".field, .tick"); }

  /** Put the keyboard where the next word is due; an empty field that is missing wants typing at once. */
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
    return order.find((each) => each.dataset.state !== "sure" && each !== card);
  }

  /** Send a word about a card, and move on without waiting; once all are sent, the last answer says where to go. */
  say(card, fields, stay) {
    const name = card.dataset.field;
    const next = stay ? null : this.following(card);
    card.dataset.state = "sure";
    served.delete(card.id);
    this.post("edit", { field: name, ...fields }).then((ok) => {
      if (!ok || stay) return;
      if (!next || !this.open().length) this.go(this.open()[0]);
    });
    if (next) this.go(next);
  }

  /** One request after the other, each with the version that the one before brought. */
  post(act, fields) {
    this.queue = this.queue.then(async () => {
      const version = document.getElementById("version").value;
      const answer = await send(`${this.base}/${act}`, { ...fields, version, why: this.root.dataset.why });
      const text = await answer.text();
      if (answer.ok) {
        swap(text);
        const now = document.getElementById("version").value;
        for (const each of document.querySelectorAll("[data-version]")) each.value = now;
        this.pictures.hang();
        this.mark();
        return true;
      }
      if (answer.status === 409) this.conflict(text);
      else if (answer.status === 401) location.assign("/login");
      else {
        tell(sentence(text));
        const page = await fetch(location.href);
        if (page.ok) { swap(await page.text()); this.pictures.hang(); }
      }
      return false;
    });
    return this.queue;
  }

  conflict(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("dialog");
    if (!fresh) return tell(sentence(text));
    document.body.append(document.adoptNode(fresh));
    fresh.showModal();
    fresh.querySelector("[data-first]").focus();
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
    if (target.closest("[data-confirm]")) return this.say(card, { act: "confirm" });
    if (target.closest("[data-toggle]")) return this.toggle(card);
    if (target.closest("#undo")) return this.undo();
    if (target.closest("#ask")) return this.askOffice();
  }

  choose(card, choice) {
    this.say(card, choice.hasAttribute("data-stands") ? { act: "confirm" } : { value: choice.dataset.choice });
  }

  toggle(card) {
    this.say(card, { value: card.dataset.value === "checked" ? "unchecked" : "checked" }, card.matches(".tick"));
  }

  undo() {
    this.post("undo", {}).then((ok) => { if (ok) this.go(this.open()[0]); });
  }

  submit(event) {
    const form = event.target;
    if (form.matches("[data-edit]")) {
      event.preventDefault();
      this.keep(form);
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
      this.queue.then(() => document.getElementById("actions").submit());
    }
  }

  /** What was typed is a new value; what was left as it stood is right. */
  keep(form) {
    const input = form.querySelector("[name=value]");
    const same = input.value === input.dataset.stood;
    this.say(form.closest(".field"), same ? { act: "confirm" } : { value: input.value });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, textarea, select");
    if (typing) return this.typingKey(event);
    const card = this.card();
    if (event.key === "Enter" && event.target === card && card.matches(".field")) {
      event.preventDefault();
      return card.dataset.kind === "text" ? this.say(card, { act: "confirm" }) : this.stands(card);
    }
    if (localStorage.getItem("keys") === "off") return;
    const digit = /^[1-9]$/.test(event.key) && card && card.querySelectorAll("[data-choice]")[Number(event.key) - 1];
    const act = digit ? () => this.choose(card, digit) : this.letter(event.key.toLowerCase(), card, event.target);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Enter on a box or signature: as it was read, when that was clear; else the doubt must be said. */
  stands(card) {
    const sure = [...card.querySelectorAll("[data-choice]")].find((each) => each.dataset.choice === card.dataset.value);
    if (sure) this.choose(card, sure);
    else tell("Press 1 or 2: what does the paper say?");
  }

  typingKey(event) {
    const form = event.target.closest("[data-edit]");
    if (!form) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.keep(form);
    } else if (event.key === "Escape") {
      event.target.value = event.target.dataset.stood;
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
      a: () => { const button = document.getElementById("accept"); button.disabled ? this.go(this.open()[0]) : button.click(); },
      x: () => document.getElementById("aside").showModal(),
      m: () => this.askOffice(),
      n: () => document.getElementById("next").click(),
      z: () => this.root.classList.toggle("large"),
      "?": () => document.getElementById("keys").showModal(),
    }[key];
  }

  /** The question to the office, with what is in doubt or missing just now ticked. */
  askOffice() {
    const box = document.getElementById("missing");
    const names = new Set(this.open().map((card) => card.dataset.field));
    for (const each of box.querySelectorAll("[name=field]")) each.checked = names.has(each.value);
    box.showModal();
  }

  back(card) {
    const all = this.cards();
    const at = all.indexOf(card);
    this.go(all[at > 0 ? at - 1 : all.length - 1]);
  }

  /** Frame on the picture what the keyboard is at. */
  mark() {
    const card = this.card();
    for (const each of this.root.querySelectorAll(".frame")) each.classList.toggle("now", Boolean(card) && each.dataset.goto === card.dataset.field);
  }
}

const slip = document.getElementById("slip");
if (slip) new Slip(slip);
