/* What makes pages nicer; each works without it. One function a piece, started at the end.

   [data-slash]     the search field: "/" goes to it
   [data-confirm]   asks before a button does what it says
   [data-review]    a line and its box on the page light up together; zoom, drag, pinch
   [data-drop]      upload of many files, one request each, with progress
   [data-pick]      suggestions while one types a name
   [data-scan]      the field for the hand scanner stays focused
   [data-refresh]   an element with an id that is fetched again every so many seconds while
                    something in it is [data-busy], and when an upload was received
   [data-marked]    the first mark on the picture is scrolled to
   [data-at-once]   a form that is sent as soon as its file is chosen
   [data-preview]   a form whose part, named by its id, is fetched anew for what is typed
   [data-tick-all]  ticks all boxes of the form that it names, or none
*/
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function slash(field) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(event.target)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

function confirmed(event) {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
}

function review(pane) {
  const sheets = all(".sheet", pane);
  const light = (element, on) => {
    const pair = element && document.getElementById(element.dataset.pair);
    if (!pair) return;
    for (const one of [pair, element]) one.closest("li, rect").classList.toggle("lit", on);
    if (on) bring(pair);
  };
  for (const [start, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    pane.addEventListener(start, (event) => light(event.target.closest("[data-pair]"), true));
    pane.addEventListener(end, (event) => light(event.target.closest("[data-pair]"), false));
  }
  for (const sheet of sheets) {
    zoom(pane, sheet);
    /* Two pages to compare show the same place. */
    for (const other of sheets.filter((one) => one !== sheet)) {
      sheet.addEventListener("scroll", () => other.scrollTo(sheet.scrollLeft, sheet.scrollTop));
    }
  }
}

/* Only what can scroll on its own is scrolled; the window stays where the reader put it. */
function bring(element) {
  const sheet = element.closest(".sheet, .lines");
  if (!sheet) return;
  const box = element.getBoundingClientRect();
  const frame = sheet.getBoundingClientRect();
  const below = box.bottom - frame.bottom + 24;
  const above = box.top - frame.top - 24;
  if (below > 0) sheet.scrollTop += below;
  else if (above < 0) sheet.scrollTop += above;
  if (box.left < frame.left) sheet.scrollLeft += box.left - frame.left - 24;
}

function marked(sheet) {
  const first = sheet.querySelector("rect");
  if (!first) return;
  const box = first.getBoundingClientRect();
  const frame = sheet.getBoundingClientRect();
  sheet.scrollTop += box.top - frame.top - sheet.clientHeight / 3;
  sheet.scrollLeft += box.left - frame.left - sheet.clientWidth / 3;
}

function atOnce(form) {
  form.addEventListener("change", () => form.requestSubmit());
}

/* Larger and smaller about a point of the picture: by button, key, wheel with Ctrl, two fingers. */
function zoom(pane, sheet) {
  const bar = pane.querySelector(".zoom");
  if (!bar) return;
  const page = () => sheet.querySelector(".page");
  let size = 1;
  bar.hidden = false;
  const to = (wanted, x = sheet.clientWidth / 2, y = sheet.clientHeight / 2) => {
    const before = page().getBoundingClientRect();
    const frame = sheet.getBoundingClientRect();
    const [across, down] = [(frame.left + x - before.left) / before.width, (frame.top + y - before.top) / before.height];
    size = Math.min(6, Math.max(0.2, wanted));
    page().style.width = `${100 * size}%`;
    const now = page().getBoundingClientRect();
    sheet.scrollLeft += now.left + across * now.width - frame.left - x;
    sheet.scrollTop += now.top + down * now.height - frame.top - y;
  };
  const whole = () => {
    const { width, height } = page().getBoundingClientRect();
    to(Math.min(1, (size * (sheet.clientHeight - 24)) / (height || width || 1)));
  };
  const by = (step) => (step ? to(size * 1.4 ** step) : whole());
  bar.addEventListener("click", (event) => {
    const step = event.target.closest("[data-zoom]");
    if (!step) return;
    by(Number(step.dataset.zoom));
    if ("marked" in sheet.dataset) marked(sheet);
  });
  document.addEventListener("keydown", (event) => {
    const step = { "+": 1, "=": 1, "-": -1, 0: 0 }[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    event.preventDefault();
    by(step);
  });
  sheet.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const frame = sheet.getBoundingClientRect();
    to(size * Math.exp(-event.deltaY / 300), event.clientX - frame.left, event.clientY - frame.top);
  }, { passive: false });
  sheet.addEventListener("turned", () => to(size));
  pinch(sheet, () => size, to);
  drag(sheet);
}

function pinch(sheet, size, to) {
  let began = null;
  const spread = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  sheet.addEventListener("touchstart", ({ touches }) => {
    began = touches.length === 2 ? { spread: spread(touches), size: size() } : null;
  }, { passive: true });
  sheet.addEventListener("touchmove", (event) => {
    if (!began || event.touches.length !== 2) return;
    event.preventDefault();
    const frame = sheet.getBoundingClientRect();
    const [one, other] = event.touches;
    to((began.size * spread(event.touches)) / began.spread,
      (one.clientX + other.clientX) / 2 - frame.left, (one.clientY + other.clientY) / 2 - frame.top);
  }, { passive: false });
}

/* The mouse takes hold of the picture; what was a drag is no click on a line. */
function drag(sheet) {
  let from = null;
  sheet.addEventListener("dragstart", (event) => event.preventDefault());
  sheet.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, left: sheet.scrollLeft, top: sheet.scrollTop, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [across, down] = [event.clientX - from.x, event.clientY - from.y];
    from.moved ||= Math.hypot(across, down) > 4;
    if (!from.moved) return;
    sheet.classList.add("held");
    sheet.scrollTo(from.left - across, from.top - down);
  });
  window.addEventListener("pointerup", () => {
    sheet.classList.remove("held");
    if (from?.moved) {
      const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
      sheet.addEventListener("click", stop, { capture: true, once: true });
      setTimeout(() => sheet.removeEventListener("click", stop, { capture: true }));
    }
    from = null;
  });
}

function drop(form) {
  const list = form.querySelector(".sent");
  const waiting = [];
  let running = 0;

  const next = () => {
    // The papers of a batch come one behind the other, in the order of the stack.
    while (waiting.length && running < (waiting[0][2] ? 1 : 2)) {
      running += 1;
      send(form, ...waiting.shift(), () => { running -= 1; next(); });
    }
  };
  const take = async (files) => {
    list.hidden = false;
    const rows = [];
    for (const file of files) {
      const row = make("li", "");
      row.append(make("span", "name", file.name), make("progress", ""), make("span", "said", form.dataset.waiting));
      row.querySelector("progress").max = 1;
      row.querySelector("progress").value = 0;
      list.prepend(row);
      rows.push([file, row]);
    }
    const batch = await together(form, rows);
    waiting.push(...rows.map(([file, row]) => [file, row, batch]));
    next();
  };

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    take([...event.target.files]);
    event.target.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const type of ["dragenter", "dragover"]) {
    form.addEventListener(type, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const type of ["dragleave", "drop"]) {
    form.addEventListener(type, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files]); });
}

/* Files that are dropped together are one batch: it is opened first, and every file names it.
   Where that is refused, the rows say so and are sent nowhere. */
async function together(form, rows) {
  const told = all(".stack input", form).filter((field) => (field.type === "checkbox" ? field.checked : field.value));
  if (!form.dataset.batches || (rows.length < 2 && !told.length)) return null;
  const body = Object.fromEntries(told.map((field) => [field.name, field.value]));
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(form.dataset.batches, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  const batch = await answer?.json().catch(() => null);
  if (answer?.ok) return batch.id;
  for (const [, row] of rows.splice(0)) failed(row, batch?.error ?? form.dataset.failed);
  return null;
}

/* Answer: {"documents": [{"state", "url", "code", "title", "error"}]}, or a refusal {"error": "sentence"}. */
function send(form, file, row, batch, finished) {
  const bar = row.querySelector("progress");
  const said = row.querySelector(".said");
  const body = new FormData();
  body.append("files", file);
  if (batch) body.append("batch", batch);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "json";
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
  request.upload.addEventListener("progress", (event) => {
    said.textContent = form.dataset.sending;
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("load", () => {
    const answer = request.response ?? {};
    const received = answer.documents?.[0] ?? {};
    const error = received.error || answer.error || (request.status >= 400 && form.dataset.failed);
    if (error && received.state !== "duplicate") failed(row, error);
    else kept(form, row, received);
    if (batch && !error) lead(form, batch);
  });
  request.addEventListener("error", () => failed(row, form.dataset.failed));
  request.addEventListener("loadend", finished);
  request.send(body);
}

/* Several papers are looked at together: a way to the strip of each batch, the newest first. */
function lead(form, batch) {
  const links = form.querySelector(".strip-links");
  const href = `${form.dataset.batches}/${batch}`;
  if (all("a", links).some((link) => link.getAttribute("href") === href)) return;
  const link = make("a", "strip-link button plain", links.dataset.strip.replace("{}", batch));
  link.href = href;
  links.prepend(link);
  links.hidden = false;
}

function kept(form, row, received) {
  const said = row.querySelector(".said");
  row.className = "kept";
  document.dispatchEvent(new Event("received"));
  row.querySelector("progress").value = 1;
  if (received.state === "duplicate") return said.replaceChildren(...known(form, received));
  said.textContent = form.dataset.done;
  follow(form, received.id, row);
  if (!received.url) return;
  const link = make("a", "name", row.querySelector(".name").textContent);
  link.href = received.url;
  row.querySelector(".name").replaceWith(link);
}

/* What became of the papers that were kept: asked for all at once, while one is under way. */
const followed = new Map();

function follow(form, id, row) {
  followed.set(id, row);
  if (followed.size === 1) setTimeout(became, 1000, form);
}

async function became(form) {
  const asked = [...followed.keys()].slice(0, 50);
  const url = `${form.dataset.became}?of=${asked.join(",")}`;
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  const told = answer?.ok ? await answer.json() : [];
  for (const { id, said, done, bad } of told) {
    const row = followed.get(id);
    const place = row.querySelector(".said");
    if (bad) failed(row, said);
    else if (place.textContent !== said) place.textContent = said;
    if (done) followed.delete(id);
  }
  if (followed.size) setTimeout(became, 2000, form);
}

/* The sentence has a place, {}, for a link to the paper that was here before. */
function known(form, { url, code, title }) {
  const [before, after] = form.dataset.duplicate.split("{}");
  const link = make("a", "", [code, title].filter(Boolean).join(" "));
  link.href = url;
  return [before, link, after];
}

function failed(row, sentence) {
  row.className = "bad";
  row.querySelector("progress")?.remove();
  row.querySelector(".said").textContent = sentence;
}

function pick(place) {
  const field = place.querySelector("input:not([type=hidden])");
  const id = place.querySelector("input[type=hidden]");
  const list = make("ul", "");
  let timer = 0;
  list.setAttribute("role", "listbox");
  list.id = `${field.id}-list`;
  list.hidden = true;
  place.append(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", list.id);

  const open = (on) => {
    list.hidden = !on;
    field.setAttribute("aria-expanded", String(on));
  };
  const choose = (option) => {
    if (option?.dataset.value === undefined) return;
    field.value = option.dataset.label;
    id.value = option.dataset.value;
    open(false);
  };
  const select = (step) => {
    const options = all("[data-value]", list);
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const to = options[(at + step + options.length) % options.length];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === to)));
    if (to) field.setAttribute("aria-activedescendant", to.id);
    to?.scrollIntoView({ block: "nearest" });
  };
  const suggest = async () => {
    const words = field.value.trim();
    if (!words) return open(false);
    const url = new URL(place.dataset.pick, location.href);
    url.searchParams.set("q", words);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok || words !== field.value.trim()) return;
    const options = (await answer.json()).map((one, index) => option(one, `${list.id}-${index}`));
    list.replaceChildren(...(options.length ? options : [make("li", "hint", place.dataset.none)]));
    open(true);
  };

  field.addEventListener("input", () => {
    id.value = "";
    clearTimeout(timer);
    timer = setTimeout(suggest, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") select(1);
    else if (event.key === "ArrowUp") select(-1);
    else if (event.key === "Enter" && chosen) choose(chosen);
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => { event.preventDefault(); choose(event.target.closest("li")); });
  field.addEventListener("blur", () => open(false));
}

function option({ value, label, hint }, id) {
  const item = make("li", "", label);
  item.id = id;
  item.setAttribute("role", "option");
  item.dataset.value = value;
  item.dataset.label = label;
  if (hint) item.append(make("small", "", hint));
  return item;
}

/* A hand scanner types wherever the focus is: bring it back unless someone is writing elsewhere. */
function scan(form) {
  const field = form.querySelector("input:not([type=hidden])");
  if (field.autofocus) field.focus();
  document.addEventListener("keydown", (event) => {
    const isText = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isText && !event.defaultPrevented && !isTyping(event.target)) field.focus();
  });
}

/* When the part is gone from the page, what it told of has come to its end: the page is new. */
function tickAll(event) {
  const box = event.target.closest("[data-tick-all]");
  const form = box && document.getElementById(box.dataset.tickAll);
  for (const one of form?.elements ?? []) if (one.type === "checkbox") one.checked = box.checked;
}

function refresh(element) {
  const pause = 1000 * (Number(element.dataset.refresh) || 3);
  const now = () => document.getElementById(element.id);
  const fetched = async () => {
    if (document.hidden || now().contains(document.activeElement)) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    /* What was ticked stays ticked. */
    for (const one of all("input:checked[name][value]", now())) {
      const same = fresh?.querySelector(`input[name="${one.name}"][value="${one.value}"]`);
      if (same) same.checked = true;
    }
    if (fresh) now().replaceWith(document.adoptNode(fresh));
    else location.reload();
  };
  const again = async () => {
    if (now().querySelector("[data-busy]")) await fetched();
    setTimeout(again, pause);
  };
  document.addEventListener("received", fetched);
  setTimeout(again, pause);
}

/* What the page would show of what is typed: it is asked with a GET, nothing is saved. */
function preview(form) {
  let timer = 0;
  const fetched = async () => {
    const field = form.querySelector("input:not([type=hidden])");
    const url = new URL(location.href);
    url.search = new URLSearchParams({ [field.name]: field.value });
    const answer = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || url.searchParams.get(field.name) !== field.value) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.dataset.preview);
    if (fresh) document.getElementById(fresh.id).replaceWith(document.adoptNode(fresh));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(fetched, 150);
  });
}

document.documentElement.classList.add("js");
document.addEventListener("click", confirmed);
document.addEventListener("change", tickAll);
all("[data-slash]").forEach(slash);
all("[data-review]").forEach(review);
all("[data-marked]").forEach(marked);
all("[data-drop]").forEach(drop);
all("[data-at-once]").forEach(atOnce);
all("[data-pick]").forEach(pick);
all("[data-scan]").forEach(scan);
all("[data-refresh]").forEach(refresh);
all("[data-preview]").forEach(preview);
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
