// The front desk's one script: time-out, live parts, and the keyboard of the slip page. No framework, nothing from outside.
"use strict";

const body = document.body;
const token = body.dataset.token || "";

/** Send form fields as our own page; resolves to the response. */
function send(address, fields) {
  return fetch(address, {
    method: "POST",
    headers: { "X-Refpad-Token": token, "X-Refpad-Part": "1", "Content-Type": "application/x-www-form-urlencoded" },
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

watchIdle();
