/* The papers of a volume are laid in order by hand: dragged, or Alt with ↑ and ↓.

   It fills in the form below the table and sends it, so that what happens without this script and
   with it is the same. */
"use strict";

const table = document.querySelector("[data-order]");
const form = document.getElementById("place");
const rowOf = (target) => target.closest?.("tr[data-place]");
let held = null;

function send(row, to) {
  form.elements.place.value = row.dataset.place;
  form.elements.document.value = row.dataset.paper;
  form.elements.to.value = to;
  form.requestSubmit();
}

/* What was not dropped on another row stays where it lies. */
function over(event) {
  const row = rowOf(event.target);
  if (!held || !row) return;
  event.preventDefault();
  mark(row === held ? null : row);
}

function mark(row) {
  for (const one of table.querySelectorAll(".drop-above, .drop-below")) {
    one.classList.remove("drop-above", "drop-below");
  }
  const isLater = row && Number(row.dataset.place) > Number(held.dataset.place);
  row?.classList.add(isLater ? "drop-below" : "drop-above");
}

function drop(event) {
  const row = rowOf(event.target);
  if (!held || !row || row === held) return;
  event.preventDefault();
  send(held, row.dataset.place);
}

function step(event) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const row = rowOf(event.target);
  if (!by || !row || !event.altKey) return;
  event.preventDefault();
  const way = row.querySelector(`input[name="to"][value="${Number(row.dataset.place) + by}"]`);
  if (way) send(row, way.value);
}

if (table && form) {
  for (const row of table.querySelectorAll("tr[data-place]")) {
    row.draggable = true;
    for (const link of row.querySelectorAll("a")) link.draggable = false;
  }
  table.addEventListener("dragstart", (event) => {
    held = rowOf(event.target);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held?.dataset.place ?? "");
  });
  table.addEventListener("dragover", over);
  table.addEventListener("drop", drop);
  table.addEventListener("dragend", () => {
    mark(null);
    held = null;
  });
  table.addEventListener("keydown", step);
  /* Back from the server, the paper that was moved is in hand again. */
  const last = location.hash.startsWith("#paper-") && document.getElementById(location.hash.slice(1));
  if (last) last.querySelector("a").focus();
}
