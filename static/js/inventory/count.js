// Counting: scan, quantity, Enter, next. An entry that did not arrive is sent again by itself, with its key, until it is in.
// Whoever brings a code from elsewhere (a camera) sets the value of [data-scan-input] and calls requestSubmit() on its form.
const finder = () => document.querySelector("[data-scan-input]");
const form = () => document.querySelector("form[data-count]");
const box = () => form()?.querySelector("[name=quantity]");
const A_CODE = /^[0-9]{8,}$/; // no quantity is so long: a scan that went into its box
const AGAIN = 4000;
let retry = 0;
let atHand = null; // the form that was typed in and is not entered

const cameraScans = () => "camera" in document.body.dataset; // then nothing takes the cursor: a phone would open its keys over the picture
const cameraSays = (words) => document.dispatchEvent(new CustomEvent("camera:took", { detail: words }));

function look() {
  if (!cameraScans()) finder()?.focus();
}

function goTo(place) {
  if (cameraScans()) return;
  place?.focus();
  place?.select?.();
}

/** The goods that were called up: first which of them, then how much. */
function begin() {
  if (!form()) return;
  form().querySelector("[data-leave]").hidden = false;
  const bad = form().querySelector("[data-bad] input:not([type=hidden])");
  const open = form().querySelector("[name=lot]") && !form().querySelector("[name=lot]:checked");
  atHand = box().value ? form() : null;
  goTo(bad ?? (open ? form().querySelector("[name=lot]") : box()));
}

// --- calling goods up -------------------------------------------------------------------------------------------
// What is typed before they are there is their quantity, or a scan too many. What is scanned while an entry is on its way waits for it.
let calling = ""; // the code or words on their way
let sending = false; // an entry is on its way
let pressed = false; // Enter was pressed meanwhile

document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  if (elt.id === "count-finder") {
    calling = finder().value.trim();
    finder().value = "";
  } else if (elt === form()) {
    sending = true;
    look();
  } else return;
  pressed = false;
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "count-side" && !form()) look(); // an entry was taken back
  if (target.id !== "count-goods") return;
  const asked = calling;
  const more = asked ? finder()?.value.trim() : "";
  calling = "";
  if (form()) {
    if (!sending) finder().value = "";
    sending = false;
    begin();
    cameraSays(`✓ ${form().querySelector(".who h2").textContent}`);
    if (more) typedAhead(asked, more);
  } else if (asked) {
    cameraSays(target.textContent.trim());
    finder().value = asked;
    goTo(finder());
  }
});

function typedAhead(asked, more) {
  if (more === asked) set("2");
  else if (!/^[0-9]{1,7}([.][0-9]{1,3})?$/.test(more)) form().querySelector(".unwritten").hidden = false;
  else {
    set(more);
    if (pressed && !form().querySelector("[name=lot]")) form().requestSubmit();
  }
}

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, ({ detail: { elt } }) => {
    if (elt.id !== "count-finder" || !calling) return;
    finder().value = calling;
    calling = "";
    goTo(finder());
  });
}

document.addEventListener("count:entered", () => {
  stopRetrying();
  atHand = null;
  sending = false;
  look();
  if (pressed && finder().value.trim()) finder().form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-leave]")) return;
  stopRetrying();
  atHand = null;
  form().remove();
  look();
});

// --- what is typed is not lost --------------------------------------------------------------------------------
document.addEventListener("input", ({ target }) => {
  if (target !== box()) return;
  atHand = target.value ? form() : null;
  form().querySelector(".unwritten").hidden = true;
});

const unwritten = () => atHand && atHand === form() && box().value;

/** Goods with a quantity stand there: enter them before others are called up. */
document.addEventListener("htmx:confirm", (event) => {
  const { elt, verb } = event.detail;
  const callsUp = elt.id === "count-finder" || elt === finder() || elt.closest("#count-goods");
  if (verb !== "get" || !callsUp) return;
  if (calling || sending) pressed ||= elt.id === "count-finder";
  else if (elt.id === "count-finder" && isAtHand(finder().value.trim())) {
    finder().value = "";
    oneMore(box().value);
  } else if (unwritten()) {
    form().querySelector(".unwritten").hidden = false;
    if (elt.id === "count-finder") {
      finder().value = "";
      goTo(box());
    }
  } else if (finder()?.value.trim() || elt.closest("#count-goods")) return;
  event.preventDefault();
});

addEventListener("beforeunload", (event) => {
  if (unwritten()) event.preventDefault();
});

// --- a scan while the cursor is somewhere else ------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const writes = target.matches?.("input:not([type=radio]), select, textarea, dialog *");
  if (key.length === 1 && key !== " " && key !== "/" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) finder()?.focus();
});

// --- a scan while the cursor is in the quantity -----------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && form()?.contains(event.target)) return form().querySelector("[data-leave]").click();
  if (event.key !== "Enter") return;
  if (event.target.name === "lot" && event.target.form === form()) {
    event.preventDefault();
    event.target.checked = true;
    goTo(box());
  } else if (event.target === box()) scanned(event);
});

function scanned(event) {
  const { code } = form().dataset;
  const typed = box().value.trim();
  if (code.length > 3 && typed.endsWith(code)) { // the same goods once more: one more of them
    event.preventDefault();
    oneMore(typed.slice(0, -code.length) || box().dataset.before || "");
  } else if (A_CODE.test(typed)) { // other goods: these first
    event.preventDefault();
    set(box().dataset.before ?? "");
    form().querySelector(".unwritten").hidden = false;
  }
}

const isAtHand = (code) => code.length > 3 && form()?.dataset.code === code;

/** The goods at hand were scanned once more; calling them up was the first of them. */
function oneMore(before) {
  set(String((before === "" ? 1 : Number(before)) + 1));
  cameraSays(`${form().querySelector(".who h2").textContent} × ${box().value}`);
}

function set(value) {
  box().value = value;
  box().dataset.before = value;
  box().dispatchEvent(new Event("input", { bubbles: true }));
  goTo(box());
}

document.addEventListener("focusin", ({ target }) => {
  if (target === box()) target.dataset.before = target.value;
});

// --- a bad network --------------------------------------------------------------------------------------------
function again() {
  clearTimeout(retry);
  retry = setTimeout(send, AGAIN);
}

function send() {
  if (form() && !form().querySelector(".unsent").hidden) form().requestSubmit();
}

function stopRetrying() {
  clearTimeout(retry);
}

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.elt === form()) sending = false;
    if (event.detail.elt !== form() || (event.detail.xhr?.status > 0 && event.detail.xhr.status < 500)) return;
    form().querySelector(".unsent").hidden = false;
    again();
  });
}
addEventListener("online", send);

begin();
