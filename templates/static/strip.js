/* What makes the film-strip nicer; it works without. Every step is the page's own form: it is sent
   in the background, and the strip of the answer takes the place of the one that is shown.

   Keys, while a page is chosen: the letters that stand on the buttons, n for the next doubt.
   Dragging: with the mouse at once, with a finger after a moment, so that one can still roll. */
"use strict";

const FAR_ENOUGH = 6; // pixels until a press is a drag
const HOLDING = 350; // milliseconds until a finger drags
const EDGE = 90; // pixels from the window's edge where dragging rolls it
const PAUSE = 2500; // milliseconds between two looks while something is being read

const strip = () => document.getElementById("strip");
const steps = () => document.getElementById("steps");
const chosen = () => document.querySelector("[type=radio]:checked");
let sending = false;
let drag = null;

async function send(values) {
  if (sending) return;
  sending = true;
  const body = new FormData(steps());
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  try {
    await show(await fetch(steps().action, { method: "POST", body, headers: { Accept: "text/html" } }));
  } catch {
    say(document.querySelector(".said").dataset.failed ?? "");
  } finally {
    sending = false;
  }
}

async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("strip");
  if (!fresh) return location.reload();
  const isHere = strip().contains(document.activeElement);
  const open = document.querySelector(".tools details")?.open;
  strip().replaceWith(document.adoptNode(fresh));
  if (open) document.querySelector(".tools details").open = true;
  say(page.querySelector(".flash.done")?.textContent.trim() ?? "");
  if (isHere) choose(chosen());
  // A refusal must be seen, however far down the strip the step was.
  strip().querySelector(".errors")?.scrollIntoView({ block: "center" });
}

function say(sentence) {
  const place = strip().querySelector(".said");
  place.hidden = !sentence;
  place.textContent = sentence;
}

function choose(radio) {
  if (!radio) return;
  radio.checked = true;
  radio.focus({ preventScroll: true });
  radio.closest(".leaf").scrollIntoView({ block: "nearest" });
}

function nextDoubt(event) {
  const pages = [...document.querySelectorAll(".leaf")];
  const at = pages.indexOf(chosen()?.closest(".leaf"));
  const after = [...pages.slice(at + 1), ...pages.slice(0, at + 1)];
  const next = after.find((leaf) => leaf.classList.contains("doubtful"));
  if (!next) return; // it is on another part of the strip: the link leads there
  event.preventDefault();
  choose(next.querySelector("[type=radio]"));
  next.scrollIntoView({ block: "center" });
}

function pressed(event) {
  if (event.key === "Enter" && event.target.matches(".leaf [type=radio]")) {
    event.preventDefault();
    return event.target.closest(".leaf").querySelector(".larger")?.click();
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
  const typing = event.target.closest("input:not([type=radio]), textarea, select");
  if (typing) return;
  const key = event.key.toLowerCase();
  if (key === "n") return nextDoubt(event);
  const button = steps()?.querySelector(`[accesskey="${CSS.escape(key)}"]`);
  if (!button || !chosen() || !strip().contains(document.activeElement)) return;
  event.preventDefault();
  send({ step: button.value });
}

function submitted(event) {
  if (event.target.action !== steps()?.action) return;
  event.preventDefault();
  const told = new FormData(event.target, event.submitter);
  send(Object.fromEntries(["step", "page"].filter((name) => told.has(name)).map((name) => [name, told.get(name)])));
}

function grabbed(event) {
  const leaf = event.target.closest(".leaf");
  if (!leaf || event.button !== 0 || event.target.closest("a, button, .doubted")) return;
  drag = { leaf, x: event.clientX, y: event.clientY, on: false, touch: event.pointerType !== "mouse" };
  if (drag.touch) drag.timer = setTimeout(take, HOLDING);
}

function take() {
  drag.on = true;
  drag.leaf.classList.add("taken");
  document.body.classList.add("dragging");
}

function dragged(event) {
  if (!drag) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR_ENOUGH;
  if (!drag.on && far && drag.touch) return dropped();
  if (!drag.on && far) take();
  if (!drag.on) return;
  if (event.clientY < EDGE) window.scrollBy(0, -16);
  if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 16);
  mark(document.elementFromPoint(event.clientX, event.clientY)?.closest(".leaf"), event.clientX);
}

function mark(leaf, x) {
  for (const old of document.querySelectorAll(".gap-before, .gap-after")) old.classList.remove("gap-before", "gap-after");
  drag.to = null;
  if (!leaf || leaf === drag.leaf) return;
  const box = leaf.getBoundingClientRect();
  drag.to = { [x < box.left + box.width / 2 ? "before" : "after"]: leaf.dataset.page };
  leaf.classList.add(drag.to.before ? "gap-before" : "gap-after");
}

const quiet = (event) => event.preventDefault();

function dropped() {
  if (!drag) return;
  const { leaf, to, on, timer } = drag;
  clearTimeout(timer);
  if (on) mark(null, 0);
  leaf.classList.remove("taken");
  document.body.classList.remove("dragging");
  drag = null;
  if (!on) return;
  // The click that ends a drag chooses nothing.
  document.addEventListener("click", quiet, true);
  setTimeout(() => document.removeEventListener("click", quiet, true), 0);
  if (to) send({ step: "move", page: leaf.dataset.page, ...to });
}

async function look() {
  if (strip().matches("[data-busy]") && !document.hidden && !sending && !drag) {
    const url = new URL(location.href);
    if (chosen()) url.searchParams.set("page", chosen().value);
    const answer = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    const typing = document.activeElement?.matches(".tools input");
    if (answer?.ok && !sending && !drag && !typing) await show(answer);
  }
  setTimeout(look, PAUSE);
}

document.addEventListener("keydown", pressed);
document.addEventListener("submit", submitted);
document.addEventListener("click", (event) => { if (event.target.closest("#next-doubt")) nextDoubt(event); });
document.addEventListener("pointerdown", grabbed);
document.addEventListener("pointermove", dragged);
document.addEventListener("pointerup", dropped);
document.addEventListener("pointercancel", dropped);
document.addEventListener("touchmove", (event) => { if (drag?.on) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (drag?.on) event.preventDefault(); });
setTimeout(look, PAUSE);
