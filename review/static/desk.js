// The front desk's one script: time-out, live parts, and the keyboard of the slip page. No framework, nothing from outside.
"use strict";

const body = document.body;
const token = body.dataset.token || "";

/* What a script asks by itself, which is no sign of a person. */
const BY_ITSELF = { "X-Refpad-Poll": "1" };

/** Send form fields as our own page; resolves to the response. */
function send(address, fields, headers = {}) {
  return fetch(address, {
    method: "POST",
    headers: { "X-Refpad-Token": token, "X-Refpad-Part": "1", "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields),
  });
}

/** Tell something at the screen's corner, and to screen readers. */
function tell(sentence) {
  const line = document.createElement("p");
  line.textContent = sentence;
  document.getElementById("news").replaceChildren(line);
  setTimeout(() => line.remove(), 6000);
}

/* Time-out: warned a minute before, so that nobody loses what they were typing (WCAG 2.2.1). */
function watchIdle() {
  const idleS = Number(body.dataset.idleS);
  if (!idleS) return;
  const box = document.getElementById("idle");
  const left = document.getElementById("idle-left");
  const warnS = Math.min(60, idleS / 2);
  let last = Date.now();
  let told = last;
  const here = () => {
    if (box.open) return;
    last = Date.now();
    if (last - told > (idleS * 1000) / 3) {
      told = last;
      send("/stay", {});
    }
  };
  for (const act of ["keydown", "pointerdown", "input"]) document.addEventListener(act, here, { passive: true });
  document.getElementById("idle-stay").addEventListener("click", async () => {
    const answer = await send("/stay", {});
    if (!answer.ok) return location.assign("/login");
    last = told = Date.now();
    box.close();
  });
  setInterval(() => {
    const leftS = Math.ceil(idleS - (Date.now() - last) / 1000);
    if (leftS <= 0) return location.assign("/login");
    left.textContent = String(leftS);
    if (leftS <= warnS && !box.open) box.showModal();
  }, 1000);
}

/* Dialogs. */
function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
  });
}

/* What the server last sent of each part, so that a part is replaced only when the server says something new. */
const served = new Map([...document.querySelectorAll("[data-part]")].map((part) => [part.id, part.outerHTML]));

/** Put the parts of a server's answer in the place of those with the same id; what has the focus keeps it. */
function swap(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    if (!old || served.get(part.id) === part.outerHTML) continue;
    served.set(part.id, part.outerHTML);
    const within = old.contains(document.activeElement) ? document.activeElement.id || old.id : null;
    old.replaceWith(document.adoptNode(part));
    if (within) (document.getElementById(within) || document.getElementById(part.id)).focus({ preventScroll: true });
  }
  return fresh;
}

/** The one sentence of an error page. */
function sentence(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const alert = page.querySelector("[role=alert]");
  return alert ? alert.textContent.trim() : "That did not work: reload the page.";
}

/* Parts of a page that the server is asked for again and again; that is no sign of a person. */
function watchParts(root) {
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch(root.dataset.refresh, { headers: { ...BY_ITSELF, "X-Refpad-Part": "1" } });
    if (answer.status === 401) location.assign("/login");
    else if (answer.ok) swap(await answer.text());
  };
  ask();
  setInterval(ask, 2000);
}

/* Scans from this browser: dropped, chosen or photographed; one after the other, each with how far it is. */
class Upload {
  constructor(root) {
    this.root = root;
    this.list = document.getElementById("sending");
    this.queue = Promise.resolve();
    for (const name of ["files", "camera"]) {
      const input = document.getElementById(name);
      input.addEventListener("change", () => { this.take(input.files); input.value = ""; });
    }
    root.addEventListener("dragover", (event) => { event.preventDefault(); root.classList.add("over"); });
    root.addEventListener("dragleave", () => root.classList.remove("over"));
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      root.classList.remove("over");
      this.take(event.dataTransfer.files);
    });
  }

  take(files) {
    for (const file of files) {
      const line = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = file.name;
      const bar = document.createElement("progress");
      bar.max = 1;
      bar.setAttribute("aria-label", `Sending ${file.name}`);
      line.append(name, bar);
      this.list.append(line);
      this.queue = this.queue.then(() => this.send(file, line, bar));
    }
  }

  send(file, line, bar) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.root.dataset.upload);
      request.setRequestHeader("X-Refpad-Token", token);
      request.setRequestHeader("X-Refpad-Part", "1");
      request.setRequestHeader("X-Refpad-Name", encodeURIComponent(file.name));
      request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / event.total; });
      request.addEventListener("loadend", () => {
        const said = document.createElement("span");
        const sent = request.status === 201;
        said.className = `state ${sent ? "sure" : "missing"}`;
        said.textContent = sent ? "is in the inbox" : request.responseText ? sentence(request.responseText) : "could not be sent";
        bar.replaceWith(said);
        if (sent) setTimeout(() => line.remove(), 8000);
        done();
      });
      request.send(file);
    });
  }
}

/* The report that a form becomes, drawn a moment after the last key. */
function watchReport(form) {
  const state = document.getElementById("preview-state");
  const image = document.getElementById("preview");
  let timer = 0;
  let latest = 0;
  const draw = async () => {
    const mine = ++latest;
    const answer = await send(form.dataset.preview, new FormData(form));
    if (mine !== latest) return;
    if (answer.ok) {
      URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(await answer.blob());
      image.hidden = false;
      state.textContent = "One page, as it would go out.";
    } else if (answer.status === 401) location.assign("/login");
    else state.textContent = answer.status === 422 ? await answer.text() : sentence(await answer.text());
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(draw, 700); });
  draw();
}

/** One picture for all frames of a page: asked for once, shown in each. */
class Pictures {
  constructor(root) {
    this.source = null;
    if (root.dataset.pictureFrom) this.fetch(root.dataset.pictureFrom);
  }

  async fetch(address) {
    const answer = await fetch(address);
    if (!answer.ok) return;
    this.source = URL.createObjectURL(await answer.blob());
    this.hang();
  }

  hang() {
    if (!this.source) return;
    for (const each of document.querySelectorAll("[data-picture]")) {
      const name = each.tagName === "IMG" ? "src" : "href";
      if (each.getAttribute(name) !== this.source) each.setAttribute(name, this.source);
    }
  }
}

/* Group check: the button says what it will do. */
function watchGroup(form) {
  new Pictures(form);
  const words = form.querySelector("[data-count]");
  const all = form.querySelectorAll("[name=wrong]").length;
  const count = () => {
    const wrong = form.querySelectorAll("[name=wrong]:checked").length;
    words.textContent = wrong ? `${wrong} wrong, ${all - wrong} right` : `All ${all} are right`;
  };
  form.addEventListener("change", count);
  count();
}

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

/* A picture that cannot be had says so in words. */
function watchPictures() {
  for (const image of document.querySelectorAll("img[data-or]")) {
    const say = () => {
      const line = document.createElement("p");
      line.className = "soft";
      line.textContent = image.dataset.or;
      image.replaceWith(line);
    };
    if (image.complete && !image.naturalWidth) say();
    else image.addEventListener("error", say);
  }
}

watchIdle();
watchDialogs();
watchPictures();
const slip = document.getElementById("slip");
if (slip) new Slip(slip);
for (const each of document.querySelectorAll("[data-refresh]")) watchParts(each);
const drop = document.getElementById("drop");
if (drop) new Upload(drop);
const entry = document.getElementById("entry");
if (entry) watchReport(entry);
const story = document.getElementById("story");
if (story) new Pictures(story);
const group = document.getElementById("group");
if (group) watchGroup(group);
