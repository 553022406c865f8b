// Counting: scan, quantity, Enter, next. An entry that did not arrive is sent again by itself, with its key, until it is in.
// Whoever brings a code from elsewhere (a camera) sets the value of [data-scan-input] and calls requestSubmit() on its form.
const finder = () => document.querySelector("[data-scan-input]");
const form = () => document.querySelector("form[data-count]");
const box = () => form()?.querySelector("[name=quantity]");
const A_CODE = /^[0-9]{8,}$/; // no quantity is so long: a scan that went into its box
const AGAIN = 4000;
let retry = 0;
let atHand = null; // the form that was typed in and is not entered

function goTo(place) {
  place?.focus();
  place?.select?.();
}

/** The goods that were called up: first which of them, then how much. */
function begin() {
  if (!form()) return;
  form().querySelector("[data-leave]").hidden = false;
  const bad = form().querySelector("[data-bad] input:not([type=hidden])");
  const open = form().querySelector("[name=lot]") && !form().querySelector("[name=lot]:checked");
  goTo(bad ?? (open ? form().querySelector("[name=lot]") : box()));
}

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "count-goods") return;
  if (form()) {
    finder().value = "";
    begin();
  } else if (document.activeElement !== finder()) finder()?.focus();
});

document.addEventListener("count:entered", () => {
  stopRetrying();
  atHand = null;
  if (!finder()) return;
  finder().value = "";
  finder().focus();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-leave]")) return;
  stopRetrying();
  atHand = null;
  form().remove();
  finder().focus();
});

// --- what is typed is not lost --------------------------------------------------------------------------------
document.addEventListener("input", ({ target }) => {
  if (target === box()) atHand = target.value ? form() : null;
});

const unwritten = () => atHand && atHand === form() && box().value;

/** Goods with a quantity stand there: enter them before others are called up. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb !== "get") return;
  if (elt === finder() && !elt.value.trim()) return event.preventDefault();
  const callsUp = elt.id === "count-finder" || elt === finder() || elt.closest("#count-goods");
  if (!callsUp || !unwritten()) return;
  event.preventDefault();
  form().querySelector(".unwritten").hidden = false;
  if (elt.id === "count-finder") {
    finder().value = "";
    goTo(box());
  }
});

addEventListener("beforeunload", (event) => {
  if (unwritten()) event.preventDefault();
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
    const before = typed.slice(0, -code.length) || box().dataset.before || "";
    set(String((before === "" ? 1 : Number(before)) + 1));
  } else if (A_CODE.test(typed)) { // other goods: these first
    event.preventDefault();
    set(box().dataset.before ?? "");
    form().querySelector(".unwritten").hidden = false;
  }
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
    if (event.detail.elt !== form() || (event.detail.xhr?.status > 0 && event.detail.xhr.status < 500)) return;
    form().querySelector(".unsent").hidden = false;
    again();
  });
}
addEventListener("online", send);

begin();
