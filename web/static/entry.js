// The form of an entry: what is typed saves itself, the report is drawn beside it, rows are added; after desk.js.
"use strict";

const SAVE_MS = 800; // after the last key
const TRY_AGAIN_MS = 3000;

/* Keeps on the server what is typed; what could not be kept stays in this window, and is tried again. */
class Keeper {
  constructor(form) {
    this.form = form;
    this.line = document.getElementById("kept");
    this.typed = 0;
    this.kept = 0;
    this.timer = 0;
    form.addEventListener("input", () => this.change());
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.flush());
    addEventListener("beforeunload", (event) => {
      this.flush();
      if (this.failed && !this.isKept) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.flush(); });
    keepers.push(this);
  }

  get isKept() { return this.kept === this.typed; }

  change() {
    this.typed += 1;
    this.later(SAVE_MS);
  }

  later(ms, headers = {}) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(headers), ms);
  }

  /** Resolves to whether everything typed so far is kept. */
  async save(headers = {}) {
    clearTimeout(this.timer);
    if (this.isKept) return true;
    const mine = this.typed;
    const answer = await this.post(headers);
    if (answer && answer.ok) {
      this.kept = Math.max(this.kept, mine);
      this.failed = false;
      this.say(`Saved as you type, ${new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" })}.`);
      return this.isKept;
    }
    this.failed = true;
    if (answer && [401, 403].includes(answer.status)) {
      if (await renewToken()) return this.save(headers);
      this.say("You are signed out, and the last words are not saved yet. ", "Sign in in another window");
    } else if (answer && answer.status < 500) {
      this.say(`Not saved: ${sentence(await answer.text())}`);
    } else this.say("No connection: the last words are not saved yet. Leave this window open; it is tried again.");
    this.later(TRY_AGAIN_MS, BY_ITSELF);
    return false;
  }

  async post(headers, more = {}) {
    try {
      return await send(this.form.dataset.keep, new FormData(this.form), headers, more);
    } catch {
      return null;
    }
  }

  /* The page is going: what is not kept yet goes after it, and nobody waits for the answer. */
  flush() {
    if (!this.isKept) this.post({}, { keepalive: true });
  }

  async submit(event) {
    if (this.isKept) return;
    event.preventDefault();
    if (await this.save()) this.form.requestSubmit(event.submitter);
  }

  say(words, link = "") {
    this.line.textContent = words;
    this.line.classList.toggle("warn", this.failed);
    if (!link) return;
    const way = document.createElement("a");
    way.href = "/login";
    way.target = "_blank";
    way.textContent = link;
    this.line.append(way);
  }
}

/* The report that a form becomes, drawn a moment after the last key. */
function watchReport(form) {
  const state = document.getElementById("preview-state");
  const image = document.getElementById("preview");
  let timer = 0;
  let latest = 0;
  const show = async (answer) => {
    if (answer.ok) {
      URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(await answer.blob());
      image.hidden = false;
      state.textContent = "One page, as it will be sent.";
    } else if (answer.status === 401) state.textContent = "Sign in again to see the report.";
    else state.textContent = answer.status === 422 ? await answer.text() : sentence(await answer.text());
  };
  const draw = async () => {
    const mine = ++latest;
    try {
      const answer = await send(form.dataset.preview, new FormData(form));
      if (mine === latest) await show(answer);
    } catch {
      state.textContent = "No connection: the report is drawn when it is back.";
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(draw, 700); });
  draw();
}

/* One more row for a test: the last one again, empty, with its number. */
function addRow(table) {
  const rows = table.querySelectorAll("tbody tr");
  const row = rows[rows.length - 1].cloneNode(true);
  for (const field of row.querySelectorAll("input, select")) {
    field.value = "";
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, String(rows.length + 1)));
  }
  for (const was of row.querySelectorAll(".was")) was.remove();
  rows[rows.length - 1].after(row);
  row.querySelector("select").focus();
}

/* What stands there as in the entry before says so, until somebody changes it. */
function watchTakenOver(form) {
  form.addEventListener("input", (event) => {
    const mark = event.target.closest("[data-taken]")?.querySelector(".taken");
    if (mark) mark.hidden = true;
  });
}

const entryForm = document.getElementById("entry");
new Keeper(entryForm);
watchReport(entryForm);
watchTakenOver(entryForm);
document.getElementById("add-test").addEventListener("click", () => addRow(document.getElementById("tests")));
