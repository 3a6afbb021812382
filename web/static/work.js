// Uploads, group check, a referral's story; after desk.js.
"use strict";

/* Scans from this browser: dropped, chosen or photographed; one after the other, each with how far it is. Whoever leaves
   the page loses those that are not sent yet, and is asked first. */
class Upload {
  constructor(root) {
    this.root = root;
    this.list = document.getElementById("sending");
    this.queue = Promise.resolve();
    this.left = 0;
    addEventListener("beforeunload", (event) => { if (this.left) event.preventDefault(); });
    for (const name of ["files", "camera"]) {
      const input = document.getElementById(name);
      if (!input) continue;
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
      this.left += 1;
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
        const status = document.createElement("span");
        const sent = request.status === 201;
        status.className = `state ${sent ? "sure" : "missing"}`;
        status.textContent = sent ? this.root.dataset.done : request.responseText ? sentence(request.responseText) : "upload failed";
        bar.replaceWith(status);
        this.left -= 1;
        if (sent && this.root.dataset.then && !this.left) location.assign(this.root.dataset.then);
        else if (sent) setTimeout(() => line.remove(), 8000);
        done();
      });
      request.send(file);
    });
  }
}

/* Group check: the button says what it will do. */
function watchGroup(form) {
  new Pictures(form);
  const words = form.querySelector("[data-count]");
  const all = form.querySelectorAll("[name=wrong]").length;
  const count = () => {
    const wrong = form.querySelectorAll("[name=wrong]:checked").length;
    words.textContent = wrong ? `Save: ${wrong} wrong, ${all - wrong} right` : `Confirm all ${all}`;
  };
  form.addEventListener("change", count);
  count();
}

const drop = document.getElementById("drop");
if (drop) new Upload(drop);
const story = document.getElementById("story");
if (story) new Pictures(story);
const group = document.getElementById("group");
if (group) watchGroup(group);

/* A proposal that takes the place of what stands in a field of the same form. */
document.addEventListener("click", (event) => {
  const proposal = event.target.closest("[data-fill]");
  if (!proposal) return;
  const field = proposal.form.elements[proposal.dataset.fill];
  field.value = proposal.dataset.with;
  field.focus();
  proposal.remove();
});
