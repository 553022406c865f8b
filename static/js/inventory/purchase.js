// A supplier's bill: scans become lines one after the other, Enter goes to what is missing, the server works out the sums.
const form = () => document.getElementById("purchase-form");
const finder = () => document.getElementById("find-product");
const lines = () => document.getElementById("lines");
const A_CODE = /^[0-9]{8,14}$/; // no figure of a bill is so long: a scan that went into a figure's box
let typed = false;

const changed = () => document.getElementById("live").dispatchEvent(new CustomEvent("purchase:changed"));
const saveButton = () => form().querySelector(".bill-bar .btn.go");
const cameraScans = () => "camera" in document.body.dataset; // then nothing takes the cursor: a phone would open its keys over the picture
const cameraSays = (words) => document.dispatchEvent(new CustomEvent("camera:took", { detail: words }));
const missing = (place) => [...place.querySelectorAll("input, select")].find((box) => box.required && !box.value);

// --- scans: one after the other, however fast they come --------------------------------------------------------
let queue = Promise.resolve();
let waiting = 0; // scans whose answer is not here

function find(text) {
  const { action } = document.getElementById("finder");
  const ask = () => htmx.ajax("POST", action, { source: "#finder", target: "#found", swap: "outerHTML", values: { q: text, go: "1" } });
  htmx.trigger(finder(), "htmx:abort"); // a search by the letters typed so far
  if (!cameraScans()) finder().focus(); // the next scan may come before this one's answer
  waiting += 1;
  queue = queue.then(ask, ask).finally(() => (waiting -= 1));
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "finder") return;
  event.preventDefault();
  const text = finder().value.trim();
  finder().value = "";
  if (text) find(text);
  else (missing(form()) ?? form().querySelector(".foot-boxes input") ?? saveButton()).focus(); // nothing more to scan: on to the foot
});

// The server found the line of a code that was scanned before: there is one pack more.
document.addEventListener("purchase:again", ({ detail: { key, packs } }) => {
  const box = form().querySelector(`[name="${key}-packs"]`);
  if (!box) return;
  box.value = packs;
  arrived(box);
});

/** A line came, or grew. Whoever scans on keeps the cursor where it is. */
function arrived(box) {
  const scansOn = cameraScans() || waiting > 1 || (document.activeElement === finder() && finder().value);
  if (!scansOn) {
    finder().value = "";
    goTo(box);
  }
  cameraSays(`✓ ${box.closest("[data-row]").querySelector(".who b").textContent}`);
  clearFound();
  typed = true;
  changed();
}

function clearFound() {
  const found = document.getElementById("found");
  found.replaceChildren();
  found.className = "";
}

function goTo(box) {
  box.focus();
  box.select?.();
  box.closest("[data-row]")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "found") {
    target.scrollIntoView({ block: "nearest" });
    if (target.querySelector(".nothing")) cameraSays(target.querySelector(".nothing").firstChild.textContent.trim());
  }
  if (target !== lines()) return;
  showRemove();
  arrived(lines().lastElementChild.querySelector("input:not([type=hidden])"));
});

// Refused: the form came back with its sentences, the cursor goes to the first of them.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "purchase-form") return;
  showRemove();
  form().querySelector("[data-bad] :is(input, select)")?.focus();
});

// An empty search finds nothing: no need to ask.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt === finder() && !finder().value.trim()) event.preventDefault();
});

// --- keys ------------------------------------------------------------------------------------------------------
document.addEventListener("focusin", ({ target }) => {
  if (target.closest?.("[data-row]") && target.value !== undefined) target.dataset.before = target.value;
});

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form().contains(box)) {
    event.preventDefault();
    form().requestSubmit();
  } else if (event.key === "Enter" && box.matches?.("#purchase-form :is(input, select):not(#find-product)")) {
    event.preventDefault();
    onward(box);
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && box.closest?.("#found, .finder")) {
    const stops = [finder(), ...document.querySelectorAll("#found a")];
    const next = stops[stops.indexOf(box) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
});

function onward(box) {
  const row = box.closest("[data-row]");
  if (row && box.classList.contains("num") && A_CODE.test(box.value)) {
    find(box.value);
    box.value = box.dataset.before;
    return;
  }
  const foot = box.closest(".foot-boxes");
  if (foot) {
    const boxes = [...foot.querySelectorAll("input"), saveButton()];
    boxes[boxes.indexOf(box) + 1].focus();
  } else (missing(row ?? box.closest("section")) ?? finder()).focus();
}

// --- what is typed ---------------------------------------------------------------------------------------------
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    if (target === finder() && !target.value) clearFound();
    if (target.form?.id !== "purchase-form") return;
    typed = true;
    changed();
  });
}

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  const row = event.target.closest("[data-remove]")?.closest("[data-row]");
  if (fill) {
    const box = form().querySelector(`[name="${fill.dataset.fill}"]`);
    box.value = fill.dataset.value;
    goTo(box);
    changed();
  } else if (row) {
    row.remove();
    finder().focus();
    changed();
  }
});

// A bill half typed is not lost by a slip: the browser asks before it leaves, unless the bill was saved.
document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
  if (xhr.getResponseHeader("HX-Redirect")) typed = false;
});
document.addEventListener("submit", ({ target }) => {
  if (target.id === "purchase-form") typed = false; // sent without htmx
});
addEventListener("beforeunload", (event) => {
  if (typed && lines()?.children.length) event.preventDefault();
});

function showRemove() {
  document.querySelectorAll("[data-remove]").forEach((button) => (button.hidden = false));
}

showRemove();
addEventListener("load", () => { if (lines()?.children.length) changed(); }); // a form that came filled has its sums at once
