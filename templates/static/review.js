/* The review without a mouse: doubts, lines, pages, filing. Every step is a form or a link of the
   page; here it is asked for behind the scenes, and only what changed is put in its place, so that
   what was typed into the form of filing stays. Uses juanzong.js. */
"use strict";

const PARTS = ["read", "hand"];
const MINUTES = 60 * 1000;
const read = () => document.getElementById("read");
const sheet = () => document.querySelector(".sheet");
const rows = () => all("#read .lines > li[id]");
const hand = () => document.getElementById("hand");
let at = -1;          // the line that was stood on last, from 0
let wrapped = false;  // whether the end of the doubts was told already
let staying = false;  // whether the next page is of the same paper
let touched = false;  // whether something was done since the paper was last held fast

function say(sentence) {
  const place = document.getElementById("say");
  if (place) place.textContent = sentence;
}

/* Ask for a page and put its parts into this one. Gives the fresh page, or null. */
async function ask(url, options = {}, parts = PARTS, button = null) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, ...options }).catch(() => null);
  if (!answer) return say(read().dataset.lost), null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!parts.every((id) => page.getElementById(id))) return leave(answer.url), null;
  if (parts.includes("read") && !picture(page)) return leave(answer.url, button), null;
  for (const id of parts) {
    document.getElementById(id).replaceWith(document.importNode(page.getElementById(id), true));
  }
  return page;
}

/* To a page that cannot be put into this one; a button of the form takes along what was typed. */
function leave(url, button = null) {
  staying = true;
  if (button?.form) button.form.requestSubmit(button);
  else location.assign(url);
}

/* Another page has another picture; of the same, only the marks are new. */
function picture(page) {
  const fresh = page.querySelector(".sheet .page");
  if (!fresh || !sheet()) return false;
  const isSame = page.getElementById("read").dataset.page === read().dataset.page;
  const marks = document.importNode(isSame ? fresh.querySelector("svg") : fresh, true);
  sheet().querySelector(isSame ? "svg" : ".page").replaceWith(marks);
  if (!isSame) sheet().dispatchEvent(new Event("turned"));
  return true;
}

function stand(row) {
  const field = row?.querySelector("input[name=text], a");
  if (!field) return;
  at = rows().indexOf(row);
  wrapped = false;
  field.focus({ preventScroll: true });
  bring(row);
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const list = rows();
  stand(list[Math.min(list.length - 1, Math.max(0, at + by))]);
}

/* What the server says of the step that was just done. */
const done = (page) => page.querySelector(".flash.done")?.textContent.trim() ?? "";

async function doubt(by, before = "") {
  const list = rows();
  const ahead = list.filter((row, place) => row.classList.contains("doubtful") && (by > 0 ? place > at : place < at));
  const next = by > 0 ? ahead[0] : ahead[ahead.length - 1];
  say(before);
  if (next) return stand(next);
  const { next: elsewhere, more, last, none } = read().dataset;
  if (elsewhere && by > 0 && wrapped) {
    wrapped = false;
    await turn(elsewhere);
    return doubt(1);
  }
  wrapped = true;
  if (elsewhere && by > 0) return say(`${before} ${more}`.trim());
  at = by > 0 ? -1 : list.length;
  const end = list.some((row) => row.classList.contains("doubtful")) ? last : none;
  say(`${before} ${end}`.trim());
}

async function turn(url, button = null) {
  if (!(await ask(url, {}, PARTS, button))) return;
  at = -1;
  history.replaceState(null, "", read().dataset.here);
}

async function edit(row) {
  const link = row?.querySelector("a");
  if (!link || !read().dataset.may) return;
  at = rows().indexOf(row);
  await write(link.href);
}

async function add() {
  if (!read().dataset.may) return;
  const url = new URL(read().dataset.new, location.href);
  url.searchParams.set("below", at < 0 ? rows().length : at + 1);
  await write(url);
}

async function write(url) {
  if (await ask(url)) field();
}

function field() {
  const writing = document.getElementById("writing");
  writing?.focus({ preventScroll: true });
  writing?.select();
  if (!writing) return;
  bring(writing.closest("li"));
  writing.closest("li").scrollIntoView({ block: "nearest" });
}

async function save(form) {
  const wasDoubtful = form.closest("li").classList.contains("doubtful");
  const place = Number(form.elements.below?.value ?? at);
  touched = true;
  const page = await ask(form.action, { method: "POST", body: new FormData(form) });
  if (!page) return;
  // Refused: what was typed is still there, and why.
  if (document.getElementById("writing")) return field();
  at = Math.min(place, rows().length - 1);
  say(done(page));
  if (wasDoubtful) await doubt(1, done(page));
  else stand(rows()[at]);
}

async function back() {
  if (await ask(read().dataset.here)) stand(rows()[at]);
}

async function undo(form) {
  const page = await ask(form.action, { method: "POST", body: new FormData(form) });
  if (!page) return;
  say(done(page));
  stand(rows()[Math.max(at, 0)]);
}

/* A value of the form, where it stands on the paper. */
async function show(link) {
  if (link.dataset.page !== read().dataset.page) await turn(new URL(link.href).pathname + `?page=${link.dataset.page}`);
  document.querySelector(".sheet .sought")?.remove();
  const [left, top, right, bottom] = link.dataset.box.split(" ").map(Number);
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const told = { class: "sought", x: left, y: top, width: right - left, height: bottom - top };
  for (const [name, value] of Object.entries(told)) mark.setAttribute(name, value);
  document.querySelector(".sheet svg").append(mark);
  bring(mark);
}

/* In hand: taken when the paper is opened, held while it is worked at, let go when it is left. */
const token = () => document.querySelector("main [name=csrf_token]")?.value;
const told = (more) => ({ method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token() }, ...more });

async function take() {
  if (!hand() || !["free", "mine"].includes(hand().dataset.hand)) return;
  touched = false;
  const answer = await fetch(hand().dataset.take, told({})).catch(() => null);
  if (!answer) return;
  await answer.text();
  await ask(read()?.dataset.here ?? location.href, {}, ["hand"]);
}

function letGo() {
  if (!staying && hand()?.dataset.hand === "mine") fetch(hand().dataset.letGo, told({ keepalive: true }));
}

const KEYS = {
  Enter: (event) => doubt(event.shiftKey ? -1 : 1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  e: () => edit(rows()[Math.max(at, 0)]),
  a: add,
  u: () => document.querySelector("#undo")?.click(),
  p: () => document.querySelector("#filing [name=party_name]")?.focus(),
  n: () => document.querySelector("#next-paper")?.click(),
  t: () => document.querySelector("#turn")?.click(),
  s: () => sheet()?.focus(),
  "[": () => document.querySelector("[data-rel=prev]")?.click(),
  "]": () => document.querySelector("[data-rel=next]")?.click(),
  "?": () => { const keys = document.getElementById("keys"); keys.open = !keys.open; keys.scrollIntoView({ block: "nearest" }); },
};

function pressed(event) {
  if (event.isComposing || event.altKey || event.metaKey || event.defaultPrevented) return;
  const target = event.target;
  if (event.key === "Escape") return escaped(event);
  if (event.key === "Enter" && event.ctrlKey) return document.querySelector("#filing .primary")?.click();
  if (event.ctrlKey || isTyping(target)) return;
  // What is pressed on a button or a link elsewhere is theirs; the picture moves by the arrows.
  const isTheirs = target.closest("button, summary, a:not(#read .lines a)") !== null;
  if (event.key === "Enter" && isTheirs) return;
  if (event.key.startsWith("Arrow") && (isTheirs || target === sheet())) return;
  const deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!deed) return;
  event.preventDefault();
  deed(event);
}

function escaped(event) {
  if (event.target.id === "writing") back();
  else event.target.blur();
}

function clicked(event) {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const why = target.closest(".why a");
  const to = target.closest("[data-to]");
  const line = target.closest("#read .lines a[data-pair]");
  if (why) show(why);
  else if (to) turn(to.dataset.to, to);
  else if (line && read().dataset.may) edit(line.closest("li"));
  else if (target.closest("[data-leave]")) back();
  else if (target.closest("[data-add]")) add();
  else if (target.closest(".sheet a[href^='#line-']")) stand(document.getElementById(target.closest("a").hash.slice(1)));
  else return;
  event.preventDefault();
}

function submitted(event) {
  const form = event.target;
  if (form.matches(".writing")) save(form);
  else if (event.submitter?.id === "undo") undo(form);
  else if (form.matches(".jump")) turn(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  else {
    staying = form.action.includes(new URL(hand().dataset.take, location.href).pathname.replace(/take$/, ""));
    return;
  }
  event.preventDefault();
}

// A page that could not be read has no picture: its keys press what stands there.
if (read()) document.addEventListener("keydown", pressed);
if (sheet()) {
  document.addEventListener("click", clicked);
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#read .lines > li[id]");
    if (row) at = rows().indexOf(row);
    const place = event.target.matches("#filing input") && event.target.closest(".told");
    const why = place && place.querySelector(".why a");
    if (why) show(why);
  });
  document.addEventListener("input", () => { touched = true; });
}
if (hand()) {
  document.addEventListener("submit", submitted);
  window.addEventListener("pagehide", letGo);
  window.addEventListener("pageshow", (event) => { if (event.persisted) take(); });
  setInterval(() => { if (touched) take(); }, 5 * MINUTES);
  if (hand().dataset.hand === "free") take();
}
if (document.getElementById("writing")) {
  at = rows().indexOf(document.getElementById("writing").closest("li[id]"));
  field();
}
