// Return or exchange: scans become new goods, Down and Enter go from line to line, F9 ends it in cash. The server works out the rest.
const form = () => document.getElementById("return-form");
const finder = () => document.getElementById("find-new");
const boxes = () => [...form().querySelectorAll("[data-back]")];
const A_CODE = /^[0-9]{8,}$/; // no quantity is so long: a scan that went into its box
let typed = false;
let stale = false; // something was typed that the sums do not know yet
let asking = false; // sums on their way
let soon = 0;
let wanted = false; // saving was pressed meanwhile

// --- sums ---------------------------------------------------------------------------------------------------------
function changed() {
  typed = stale = true;
  clearTimeout(soon);
  soon = setTimeout(ask, 60);
}

function ask() {
  if (!stale || asking || !form()) return;
  [stale, asking] = [false, true];
  document.getElementById("return-live").dispatchEvent(new CustomEvent("return:changed"));
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt?.id !== "return-live") return;
  asking = false;
  if (!detail.successful) wanted = false;
  else if (stale) ask();
  else if (wanted) setTimeout(save); // after the answer is in its place
});

/** Send the form, once what it comes to stands there: nobody gives back what the screen did not say. */
function save() {
  wanted = stale || asking;
  if (!wanted) return form().requestSubmit(form().querySelector("[data-save]"));
  clearTimeout(soon);
  ask();
}

document.addEventListener("input", ({ target }) => {
  const quantity = target.matches("#return-form :is([data-back], [name=line-quantity])");
  if (quantity ? !/^[0-9]{6,}$/.test(target.value) : target.matches("#return-form :is([name=tendered], [name=phone])")) changed();
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("#return-form :is([name=how], [name=khata-stays], select)")) changed();
});

// --- from line to line --------------------------------------------------------------------------------------------
function step(box, by) {
  const all = boxes();
  const next = all[all.indexOf(box) + by];
  goTo(next ?? (by > 0 ? finder() : box));
}

function goTo(place) {
  place?.focus();
  place?.select?.();
}

/** A scan that went into a quantity: what was typed before it stays, the code goes where it belongs. */
function moveScan(box) {
  const code = box.value.slice(-13);
  box.value = box.value.slice(0, -13);
  finder().value = code;
  finder().form.requestSubmit();
  changed();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!form()) return;
  if (key === "F9" || key === "F10" || (event.altKey && key.toLowerCase() === "k")) {
    event.preventDefault();
    return pay(key === "F9" ? "cash" : key === "F10" ? "upi" : "khata");
  }
  if (key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    return save();
  }
  const inLine = target.matches?.("[data-back]");
  if (inLine && (key === "ArrowDown" || key === "ArrowUp")) {
    event.preventDefault();
    return step(target, key === "ArrowDown" ? 1 : -1);
  }
  if (key !== "Enter" || !target.matches?.("#return-form input:not([type=search])")) return;
  event.preventDefault();
  if (target.matches("[data-back], [name=line-quantity]") && A_CODE.test(target.value)) return moveScan(target);
  if (inLine) return step(target, 1);
  if (target.name === "line-quantity") return goTo(finder());
  save();
});

/** Cash, UPI or khata by its key: chosen, worked out, and saved when nothing more is to be typed. */
function pay(how) {
  const radio = form().querySelector(`[name=how][value=${how}]`);
  if (!radio.checked) {
    radio.checked = true;
    changed();
  }
  const phone = form().querySelector("[name=phone]");
  if (how === "khata" && phone && !phone.value) return goTo(phone);
  const pin = form().querySelector("[name=pin]");
  if (pin && !pin.value) return goTo(form().querySelector("[name=who]:checked") ? pin : form().querySelector("[name=who]"));
  save();
}

// --- new goods ----------------------------------------------------------------------------------------------------
let queue = Promise.resolve();

document.addEventListener("submit", (event) => {
  if (event.target.id !== "return-finder") return;
  event.preventDefault();
  const q = finder().value.trim();
  finder().value = "";
  if (!q) return;
  const ask = () => htmx.ajax("GET", event.target.action, { source: finder(), target: "#new-found", swap: "innerHTML", values: { q, go: "1" } });
  queue = queue.then(ask, ask);
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id !== "new-rows") return;
  document.getElementById("new-found").replaceChildren();
  const box = target.lastElementChild.querySelector("[name=line-quantity]");
  goTo(box.value ? finder() : box);
  changed();
});

document.addEventListener("click", ({ target }) => {
  const remove = target.closest("#new-rows [data-remove]");
  if (remove) {
    remove.closest("[data-row]").remove();
    changed();
    goTo(finder());
  }
  if (target.closest("[data-all]")) {
    for (const box of boxes()) box.value = box.dataset.left;
    changed();
  }
});

// A scan while the cursor is nowhere.
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const writes = target.matches?.("input, select, textarea, button, a, dialog *");
  if (form() && key.length === 1 && key !== " " && key !== "/" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) finder()?.focus();
});

// --- the page -----------------------------------------------------------------------------------------------------
const showAll = () => (form().querySelector("[data-all]").hidden = boxes().length < 2);

function begin() {
  if (!form()) return;
  showAll();
  goTo(form().querySelector("[data-bad] input") ?? (form().querySelector("[role=alert]") ? form().querySelector("[name=pin]") : null) ?? boxes()[0]);
}

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target === form() || target.id === "return-form") begin();
});
// What is half typed is not lost by a slip: the browser asks before it leaves, unless it was saved.
document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
  if (xhr.getResponseHeader("HX-Redirect")) typed = false;
});
addEventListener("beforeunload", (event) => {
  if (typed && form() && boxes().some((box) => box.value)) event.preventDefault();
});

/** What was typed or scanned before this file had come stays where it is; a code goes to the new goods. */
function takeUp() {
  const early = boxes().filter((box) => box.value && box.value !== box.defaultValue);
  if (!early.length) return begin();
  showAll();
  changed();
  for (const box of early) if (A_CODE.test(box.value)) moveScan(box);
}

if (form()) takeUp();
