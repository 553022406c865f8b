// Packing, recipes and labels: scans become rows of their side, Enter goes to what is missing, the server works out the rest.
const form = () => document.querySelector("form[data-parts]");
const finder = (side) => document.getElementById(`find-${side}`);
const SIDES = [...document.querySelectorAll("[data-side]")].map((place) => place.dataset.side);
let typed = false;

const changed = () => document.getElementById("live")?.dispatchEvent(new CustomEvent("parts:changed"));
const rows = (side) => document.querySelectorAll(`#${side}-rows [data-row]`);
const missing = (place) => [...place.querySelectorAll("input:not([type=hidden], [type=search])")].find((box) => box.required && !box.value);

// --- scans -----------------------------------------------------------------------------------------------------
let queue = Promise.resolve();

document.addEventListener("submit", (event) => {
  const side = event.target.dataset?.finder;
  if (!side) return;
  event.preventDefault();
  const text = finder(side).value.trim();
  finder(side).value = "";
  if (!text) return onward(finder(side));
  htmx.trigger(finder(side), "htmx:abort"); // a search by the letters typed so far
  const values = Object.fromEntries(new FormData(event.target));
  const ask = () => htmx.ajax("GET", event.target.action, { target: `#${side}-found`, swap: "outerHTML", values: { ...values, q: text } });
  queue = queue.then(ask, ask);
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  const side = SIDES.find((one) => target.id === `${one}-rows`);
  if (side) {
    showRemove();
    clearFound(side);
    finder(side).value = "";
    const box = target.lastElementChild.querySelector("input:not([type=hidden])");
    box.focus();
    box.select();
    box.closest("[data-row]").scrollIntoView({ block: "nearest" });
    typed = true;
    changed();
  }
});

// Refused: the form came back with its sentences, the cursor goes to the first of them.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target !== form()) return;
  showRemove();
  form().querySelector("[data-bad] :is(input, select)")?.focus();
});

// An empty search finds nothing: no need to ask.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (elt.type === "search" && !elt.value.trim()) event.preventDefault();
});

function clearFound(side) {
  const found = document.getElementById(`${side}-found`);
  found.replaceChildren();
  found.className = "";
}

// --- keys ------------------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form().contains(box)) {
    event.preventDefault();
    form().requestSubmit();
  } else if (event.key === "Enter" && box.matches?.("form[data-parts] :is(input, select):not([type=search])")) {
    event.preventDefault();
    onward(box);
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && box.closest?.(".found, .finder")) {
    const side = box.closest("[data-side]").dataset.side;
    const stops = [finder(side), ...document.querySelectorAll(`#${side}-found a`)];
    const next = stops[stops.indexOf(box) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
});

/** What is missing in the row, then the side that is empty, then the boxes at the foot one by one, last the button. */
function onward(box) {
  const row = box.closest("[data-row]");
  const gap = row && missing(row);
  const empty = SIDES.find((side) => !rows(side).length);
  const foot = [...form().querySelectorAll(".foot-boxes input"), form().querySelector("[data-save]")];
  if (gap) gap.focus();
  else if (empty) finder(empty).focus();
  else (missing(form()) ?? foot[foot.indexOf(box) + 1]).focus();
}

// --- what is typed ---------------------------------------------------------------------------------------------
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    const side = SIDES.find((one) => target === finder(one));
    if (side && !target.value) clearFound(side);
    if (target.form !== form()) return;
    typed = true;
    changed();
  });
}

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  const row = event.target.closest("[data-row]");
  if (fill) {
    const box = form().querySelector(`[name="${row.dataset.row}-${fill.dataset.fill}"]`);
    box.value = fill.dataset.value;
    box.focus();
    changed();
  } else if (event.target.closest("[data-remove]")) {
    const { side } = row.closest("[data-side]").dataset;
    row.remove();
    finder(side).focus();
    changed();
  }
});

// What is half typed is not lost by a slip: the browser asks before it leaves, unless it was saved.
document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
  if (xhr.getResponseHeader("HX-Redirect")) typed = false;
});
document.addEventListener("submit", ({ target }) => {
  if (target === form() || target.classList.contains("times")) typed = false;
});
addEventListener("beforeunload", (event) => {
  if (typed && form().matches("[data-careful]") && SIDES.some((side) => rows(side).length)) event.preventDefault();
});

function showRemove() {
  document.querySelectorAll("[data-remove]").forEach((button) => (button.hidden = false));
}

showRemove();
const start = SIDES.find((side) => !rows(side).length);
if (!document.querySelector("[autofocus]")) (start ? finder(start) : document.getElementById("times"))?.focus();
if (!start) addEventListener("load", changed); // filled in already: its sums at once, when htmx listens
