// What every page of the front desk does: time-out, dialogs, live parts, pictures. No framework, nothing from outside.
"use strict";

const body = document.body;
let token = body.dataset.token || "";

/* Headers of requests that a script sends by itself: they are no sign of a person. */
const BY_ITSELF = { "X-Refpad-Poll": "1" };

const ACT_AFTER_MS = 500; // a key that was meant for what had the focus before comes within some 0.25 s

/* What keeps what somebody types, each with `save()`, which resolves to whether all is kept. */
const keepers = [];

/** Send form fields as our own page; resolves to the response. */
function send(address, fields, headers = {}, more = {}) {
  return fetch(address, {
    ...more,
    method: "POST",
    headers: { "X-Refpad-Token": token, "X-Refpad-Part": "1", "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields),
  });
}

/** Whoever signed in again in another window has another token: this page goes on with it. Whether there is one. */
async function renewToken() {
  if (!body.dataset.user) return false;
  let answer;
  try {
    answer = await fetch("/me", { headers: { ...BY_ITSELF, "X-Refpad-Part": "1" } });
  } catch {
    return false;
  }
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").body.dataset;
  if (page.user !== body.dataset.user || page.token === token) return false;
  token = page.token;
  for (const field of document.querySelectorAll("input[name=token]")) field.value = token;
  return true;
}

/** Show a message in the corner of the screen, and to screen readers. */
function announce(sentence) {
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
  let reported = last;
  const onActivity = () => {
    if (box.open) return;
    last = Date.now();
    if (last - reported > (idleS * 1000) / 3) {
      reported = last;
      send("/stay", {}).catch(() => { reported = 0; }); // no connection: said again with the next key
    }
  };
  for (const act of ["keydown", "pointerdown", "input"]) document.addEventListener(act, onActivity, { passive: true });
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    document.getElementById("idle-stay").click();
  });
  document.getElementById("idle-stay").addEventListener("click", async () => {
    const kept = await Promise.all(keepers.map((keeper) => keeper.save()));
    if (!kept.every(Boolean)) return;
    if (body.classList.contains("covered")) return location.reload();
    const answer = await send("/stay", {});
    if (!answer.ok) return location.assign("/login");
    last = reported = Date.now();
    box.close();
  });
  /* To the sign-in; words that the server does not have yet stay in this window, behind a cover. */
  const leave = async () => {
    clearInterval(clock);
    const kept = await Promise.all(keepers.map((keeper) => keeper.save()));
    if (kept.every(Boolean)) return location.assign("/login");
    body.classList.add("covered");
    document.getElementById("idle-title").textContent = "You are signed out";
    document.getElementById("idle-words").textContent =
      "What you typed last is not saved yet: leave this window open, and sign in again in another one.";
    document.getElementById("idle-stay").textContent = "Go on here";
    document.getElementById("idle-sign-in").hidden = false;
  };
  const clock = setInterval(() => {
    const leftS = Math.ceil(idleS - (Date.now() - last) / 1000);
    if (leftS <= 0) return leave();
    left.textContent = String(leftS);
    if (leftS <= warnS && !box.open) openDialog(box);
  }, 1000);
}

/** Open a dialog at its first field; closed, also with Escape, it gives the focus back to where it was. */
function openDialog(dialog) {
  const from = document.activeElement;
  const card = from && from.closest("[id]"); // what has the focus may be renewed meanwhile: by its name it is found again
  const id = from && (from.id || (card && card.id));
  dialog.showModal();
  const first = dialog.querySelector("input:not([type=hidden]), select, textarea, a[href], button:not([data-close])");
  if (first) first.focus();
  dialog.addEventListener("close", () => {
    const back = from && from.isConnected && from !== body ? from : id && document.getElementById(id);
    if (back) back.focus({ preventScroll: true });
  }, { once: true });
}

/* Dialogs. Enter on a checkbox presses nothing: it leads to the button, which takes a press of its own. */
function watchDialogs() {
  let arrivedMs = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest("dialog form[method=post]")) return;
    const button = event.target.form && event.target.form.querySelector("button.main");
    if (event.target.matches("[type=checkbox]")) {
      event.preventDefault();
      if (event.repeat) return;
      arrivedMs = performance.now();
      button.focus();
    } else if (event.target === button && (event.repeat || performance.now() - arrivedMs < ACT_AFTER_MS)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) openDialog(document.getElementById(opener.dataset.open));
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

/* Forms stay on their page, with all that was typed, until the server has taken them: what it refuses never becomes a
   page of its own, to which neither Back nor reload would lead. A file that one sends is saved. */
const sending = new Set();
const LEAVING_MS = 3000; // a form that was taken is not sent again while the next page comes

async function sendForm(form, submitter) {
  if (sending.has(form)) return;
  const fields = new FormData(form, submitter);
  const button = submitter || form.querySelector("button:not([disabled])");
  const had = button && button === document.activeElement;
  let left = false;
  sending.add(form);
  if (button) button.disabled = true;
  const post = () => fetch(form.getAttribute("action"), { method: "POST", headers: { "X-Refpad-Stay": "1" }, body: new URLSearchParams(fields) });
  try {
    let answer = await post();
    if (answer.status === 403 && (await renewToken())) {
      fields.set("token", token);
      answer = await post();
    }
    left = answer.headers.has("X-Refpad-Go");
    if (left) return leaveFor(answer.headers.get("X-Refpad-Go"));
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
    if (answer.ok && name) return await saveFile(await answer.blob(), name[1]);
    if (answer.ok) return showPage(await answer.text());
    if (answer.status === 401 && body.dataset.user) complain(form, "You were signed out. Sign in in another window, then send this again.");
    else refuse(form, await answer.text());
  } catch {
    complain(form, "refpad does not answer. Nothing typed is lost: send this again.");
  } finally {
    setTimeout(() => {
      sending.delete(form);
      if (button) button.disabled = false;
      if (had && button.isConnected && document.activeElement === body) button.focus({ preventScroll: true });
    }, left ? LEAVING_MS : 0);
  }
}

function leaveFor(address) {
  const there = new URL(address, location.href);
  if (there.pathname + there.search === location.pathname + location.search) location.reload();
  else location.assign(there);
}

/** Show what a form answers in place of the page: it is shown once, and a reload leads to the page as it is then. */
function showPage(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
  document.getElementById("main").focus();
  scrollTo(0, 0);
}

/** What happened to an item while it was open here, as a dialog; whether the answer has one. */
function showConflict(text) {
  const told = new DOMParser().parseFromString(text, "text/html").querySelector("dialog.conflict");
  if (!told) return false;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  told.open = false;
  document.body.append(document.adoptNode(told));
  openDialog(told);
  told.addEventListener("close", () => told.remove());
  return true;
}

/** Say what is wrong: at the top of the form, or in the part of it that the answer renews; passwords stay as typed. */
function refuse(form, text) {
  if (showConflict(text)) return;
  const alert = new DOMParser().parseFromString(text, "text/html").querySelector("[role=alert]");
  const part = alert && alert.closest("[data-part]");
  const secrets = [...form.querySelectorAll("[type=password]")].map((field) => [field.name, field.value]);
  swap(text);
  const now = (form.id && document.getElementById(form.id)) || form;
  for (const [name, value] of secrets) now.elements[name].value = value;
  const there = part && document.getElementById(part.id);
  if (!there) return complain(now, sentence(text));
  const before = now.querySelector("[data-problem]");
  if (before) before.remove();
  (there.querySelector("[aria-invalid=true]") || there.querySelector("button, input:not([type=hidden])")).focus();
}

/** Save a file as a link would, then show the page as it is now. */
function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => sending.size || location.reload(), 500); // a form sent meanwhile would lose its answer
}

/** Say at the top of a form what is wrong with it; of one that is a line of every page, in the corner. */
function complain(form, words) {
  if (form.closest("header, #accepted")) return announce(words);
  let line = form.querySelector("[data-problem]");
  if (!line) {
    line = document.createElement("p");
    line.className = "alert";
    line.dataset.problem = "";
    line.setAttribute("role", "alert");
    form.prepend(line);
  }
  line.textContent = words;
  line.scrollIntoView({ block: "center" });
}

function watchForms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    event.preventDefault();
    sendForm(event.target, event.submitter);
  });
  /* Whoever types another reason means it: its choice is made with the first letter. */
  document.addEventListener("input", (event) => {
    const choice = event.target.matches("[data-other]") && event.target.closest("fieldset").querySelector("[type=radio][value='']");
    if (choice && event.target.value) choice.checked = true;
  });
}

/* Whether refpad answers what a page asks by itself. While it does not, a line says so and since when. */
const reach = {
  line: null,
  missed() {
    if (this.line) return;
    this.line = document.createElement("p");
    this.line.className = "alert";
    this.line.setAttribute("role", "alert");
    const since = new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    this.line.textContent = `refpad has not answered since ${since}. This page shows what was known then, and goes on by itself when refpad answers again.`;
    document.getElementById("main").prepend(this.line);
  },
  heard() {
    if (!this.line) return;
    this.line.remove();
    this.line = null;
    announce("refpad answers again.");
  },
};

/** Ask by itself, which is no sign of a person; resolves to the answer, or to null when there is none. */
async function askByItself(address, fields = null) {
  try {
    const headers = { ...BY_ITSELF, "X-Refpad-Part": "1" };
    const answer = fields ? await send(address, fields, headers) : await fetch(address, { headers });
    if (answer.status >= 500) reach.missed();
    else reach.heard();
    return answer;
  } catch {
    reach.missed();
    return null;
  }
}

/* Parts of a page that the server is asked for again and again. */
function watchParts(root) {
  const ask = async () => {
    if (document.hidden) return;
    const answer = await askByItself(root.dataset.refresh);
    if (answer && answer.status === 401) location.assign("/login");
    else if (answer && answer.ok) swap(await answer.text());
  };
  ask();
  setInterval(ask, 2000);
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
    this.show();
  }

  show() {
    if (!this.source) return;
    for (const image of document.querySelectorAll("[data-picture]")) {
      const name = image.tagName === "IMG" ? "src" : "href";
      if (image.getAttribute(name) !== this.source) image.setAttribute(name, this.source);
    }
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

/* What was accepted a moment ago can be undone, with a click or U, until it goes by itself. */
function watchAccepted(form) {
  setTimeout(() => form.remove(), Number(form.dataset.leftMs));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("#slip") || document.getElementById("entry")) return; // U is a key there; a form is begun here
    if (event.key.toLowerCase() !== "u" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select") || localStorage.getItem("keys") === "off") return;
    if (form.isConnected) form.requestSubmit();
  });
}

/* "/" leads to the search of every page; what is open closes with Esc or a click beside it. */
function watchMenu(find, menu) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
    if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    find.select();
    find.focus();
  });
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
}

const current = document.querySelector(".top nav [aria-current]");
if (current) current.scrollIntoView({ block: "nearest", inline: "nearest" }); // the menu of a phone is longer than its screen
const accepted = document.getElementById("accepted");
if (accepted) watchAccepted(accepted);
const find = document.getElementById("find");
if (find) watchMenu(find, document.getElementById("menu"));
watchIdle();
watchDialogs();
watchForms();
watchPictures();
for (const root of document.querySelectorAll("[data-refresh]")) watchParts(root);
