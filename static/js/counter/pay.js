// Taking the money: exact cash by one key, or the panel with its rows. One POST of the form; the same request key until it is answered.
import { ask } from "./ask.js";
import * as bill from "./bill.js";
import * as desk from "./desk.js";
import { paise, plain, rupees } from "./money.js";
import { notesFor } from "./notes.js";
import { define } from "./keys.js";
import { enqueue } from "./queue.js";
import { dressSaid, hush, sayWord, word } from "./words.js";

const form = bill.form;
const aside = document.getElementById("pay");
const tenders = document.getElementById("tenders");
const qr = document.getElementById("qr");
const notes = tenders.querySelector("[data-notes]");
const mark = document.getElementById("upi-mark");
const AGAIN = 2000; // ms between tries when no answer comes
let paying = false;
let shownQr = "";
let qrTimer;

const box = (method) => document.getElementById(`pay-${method}`);
const methods = [...tenders.querySelectorAll("[data-method]")].map((row) => row.dataset.method);
export const isOpen = () => aside.dataset.state === "paying";
export const isBusy = () => paying;

// --- what has been typed ---------------------------------------------------------------------------------------
const others = () => methods.filter((m) => m !== "cash").reduce((sum, m) => sum + (paise(box(m).value) ?? 0n), 0n);

/** The cash handed over: a single 1, 2 or 5 below what is due is read as ₹100, ₹200, ₹500 (05 is five rupees). */
function cash() {
  const text = box("cash").value.trim();
  const amount = paise(text) ?? 0n;
  return /^[125]$/.test(text) && amount < bill.totals().total - others() ? amount * 100n : amount;
}

const left = () => bill.totals().total - others() - cash();

export function refresh() {
  const rest = left();
  const label = aside.querySelector("[data-left-label]");
  label.textContent = rest < 0n && cash() > 0n ? label.dataset.change : label.dataset.left;
  label.parentElement.classList.toggle("over", rest < 0n);
  aside.querySelector("strong[data-left]").textContent = rupees(rest < 0n ? -rest : rest);
  for (const method of methods) {
    box(method).placeholder = rest > 0n ? plain(rest) : "";
    tenders.querySelector(`[data-method=${method}]`).classList.toggle("filled", Boolean(paise(box(method).value)));
  }
  const short = /^[125]$/.test(box("cash").value.trim()) && cash() !== paise(box("cash").value);
  hint("cash").textContent = short ? rupees(cash()) : "";
  box("khata").disabled = !bill.customerOnBill();
  showKhata();
  showNotes(rest);
  showQr();
}

/** What the customer would owe, and whether that is over the limit. */
function showKhata() {
  const { owes, limit } = form.elements.customer?.dataset ?? {};
  const would = paise(owes ?? "") ?? 0n;
  const after = would + (paise(box("khata").value) ?? 0n);
  const over = Boolean(limit) && after > paise(limit);
  hint("khata").textContent = box("khata").disabled ? hint("khata").dataset.none : word(over ? "owes-over" : "owes", { amount: rupees(after), limit: limit ? rupees(paise(limit)) : "" });
  hint("khata").classList.toggle("over", over);
}

/** The notes a customer is likely to hand over; a tap fills the cash row. */
function showNotes(rest) {
  const due = rest > 0n && !box("cash").value ? rest : 0n;
  const wanted = notesFor(due).map((note) => String(note));
  if (notes.dataset.shown === wanted.join()) return;
  notes.dataset.shown = wanted.join();
  notes.replaceChildren(...wanted.map((note) => Object.assign(document.createElement("button"), { type: "button", className: "btn slim", value: note, textContent: rupees(BigInt(note)).replace(".00", "") })));
}

tenders.addEventListener("click", (event) => {
  const note = event.target.closest("[data-notes] button");
  if (!note) return;
  box("cash").value = plain(BigInt(note.value));
  box("cash").focus();
  refresh();
});

const hint = (method) => tenders.querySelector(`[data-method=${method}] [data-hint]`);

// --- the UPI code ----------------------------------------------------------------------------------------------
function showQr() {
  const typed = paise(box("upi").value) ?? 0n;
  const amount = typed || (document.activeElement === box("upi") ? left() : 0n);
  clearTimeout(qrTimer);
  if (!isOpen() || amount <= 0n) {
    qr.replaceChildren();
    shownQr = "";
  } else if (shownQr !== plain(amount)) {
    qrTimer = setTimeout(() => loadQr(plain(amount)), shownQr ? 150 : 0);
  }
}

async function loadQr(amount) {
  shownQr = amount;
  const { status, slot } = await ask("GET", form.dataset.upi, { amount, key: form.elements.key.value });
  if (shownQr !== amount) return;
  qr.replaceChildren(...(status ? slot.childNodes : []));
  if (qr.querySelector("svg")) {
    mark.value = "shown";
    stayAwake();
  }
}

// A phone that is turned to the customer stays awake while the code is on it.
let awake = null;
async function stayAwake() {
  awake ??= await navigator.wakeLock?.request("screen").catch(() => null);
}

function maySleep() {
  awake?.release().catch(() => {});
  awake = null;
}

/** The customer says it is paid ("claimed"), or somebody saw the money ("seen"): the UPI row takes the rest and the bill is done. */
function upiMarked(how) {
  if (!isOpen()) return undefined;
  if (!box("upi").value.trim() && left() > 0n) box("upi").value = plain(left());
  mark.value = how;
  return finish();
}

tenders.addEventListener("keydown", (event) => {
  if (event.target !== box("upi") || event.ctrlKey || event.altKey || event.metaKey) return;
  const how = { c: "claimed", s: "seen" }[event.key.toLowerCase()];
  if (!how) return;
  event.preventDefault();
  event.stopPropagation();
  upiMarked(how);
});

define("upi-claimed", () => upiMarked("claimed"));
define("upi-seen", () => upiMarked("seen"));

/** Of the bill just saved: the money was seen. */
define("seen", async () => {
  const button = document.querySelector("#saved [data-seen]");
  if (!button) return;
  const { status, slot } = await ask("POST", button.dataset.seen, { place: "counter" });
  const told = slot.querySelector(".claim");
  if (status === 200 && told) button.closest(".claim").replaceWith(told);
  else sayWord("no-answer", { text: "UPI" }, "bad");
}, ["Alt+s"]);

// --- the panel -------------------------------------------------------------------------------------------------
/** Opens the panel with the cursor in `method`'s row, after all that is still waiting its turn. */
export function openPanel(method = "cash") {
  return enqueue(() => {
    if (!ready()) return;
    if (method === "khata" && !bill.customerOnBill()) return sayWord("no-customer", {}, "warn");
    hush();
    aside.dataset.state = "paying";
    document.body.dataset.paying = "";
    form.dispatchEvent(new CustomEvent("bill:paying"));
    refresh();
    box(method).focus();
    box(method).select();
    refresh();
  });
}

/** The right column shows the bill again. */
export function showBill() {
  aside.dataset.state = "bill";
  delete document.body.dataset.paying;
  qr.replaceChildren();
  shownQr = "";
  mark.value = "";
  maySleep();
}

export function moveRow(by) {
  const open = methods.filter((m) => !box(m).disabled);
  const now = open.findIndex((m) => box(m).closest(".tender").contains(document.activeElement));
  const next = box(open[(now + by + open.length) % open.length]);
  next.focus();
  next.select();
  refresh();
}

/** Enter in a row: empty means all the rest; enough means pay; else on to the next row. */
export function enterRow() {
  const method = document.activeElement.closest?.("[data-method]")?.dataset.method;
  if (method && !box(method).value.trim() && left() > 0n) box(method).value = plain(left());
  refresh();
  if (left() > 0n) return method ? moveRow(1) : sayWord("short", { left: rupees(left()) }, "warn");
  return finish();
}

export function finish() {
  if (left() > 0n) return sayWord("short", { left: rupees(left()) }, "warn");
  if (left() < 0n && others() > bill.totals().total) return sayWord("over", { over: rupees(others() - bill.totals().total) }, "bad");
  const amounts = Object.fromEntries([...tenders.querySelectorAll("input")].filter((i) => i.value).map((i) => [i.name, i.value]));
  if (cash()) amounts["pay-cash"] = plain(cash());
  return pay({ exact: false, amounts });
}

export const payExact = () => pay({ exact: true, amounts: {} });

function ready() {
  if (!bill.rows().length) return sayWord("empty", {}, "warn");
  const waits = bill.awaiting();
  if (!waits) return true;
  bill.weigh(waits);
  return sayWord("awaits", { name: waits.dataset.name }, "warn");
}

// --- the POST --------------------------------------------------------------------------------------------------
/** Pay the bill so. A second press while it is under way is the same press. */
export function pay(how) {
  if (paying) return undefined;
  paying = true;
  return enqueue(async () => {
    try {
      if (ready()) await send(desk.isSent() || how);
    } finally {
      paying = false;
    }
  });
}

/** Another bill is at hand. One that was sent and not answered: ask what became of it, in the same words. */
form.addEventListener("bill:opened", ({ detail }) => {
  showBill();
  if (desk.isSent()) detail.waits.push(sendAgain());
});

async function sendAgain() {
  paying = true;
  await send(desk.isSent()).finally(() => { paying = false; });
}

async function send(how) {
  for (const field of tenders.querySelectorAll("input")) field.value = how.amounts[field.name] ?? "";
  document.getElementById("exact").disabled = !how.exact;
  document.getElementById("at-device").value = new Date().toISOString();
  document.body.dataset.sending = "";
  await desk.markSent(how);
  while (!isFinal(await post())) {
    sayWord("sending", {}, "warn");
    if (await desk.asksToLeave(AGAIN)) break;
  }
  delete document.body.dataset.sending;
}

const isFinal = (status) => status >= 200 && status < 500;

function post() {
  return new Promise((done) => {
    form.addEventListener("htmx:afterRequest", (event) => done(event.detail.xhr?.status ?? 0), { once: true });
    htmx.trigger(form, "pay");
  });
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) form.addEventListener(name, (event) => event.stopPropagation());

// refused: the bill stands as it was and may be changed again
form.addEventListener("htmx:afterRequest", ({ detail }) => {
  const status = detail.xhr?.status ?? 0;
  if (detail.elt === form && status === 200) setTimeout(() => tellClock(detail.xhr));
  if (detail.elt !== form || !(status >= 400 && status < 500)) return;
  desk.markSent(null);
  if (status === 422) dressSaid();
  else sayWord("refused", {}, "bad");
});

/** Saved: the old sums stay on the right, the bill is a new one at once; printer.js starts the paper. */
document.addEventListener("bill:saved", ({ detail }) => {
  if (detail.key !== form.elements.key.value) return;
  desk.startNew();
  showBill();
  aside.dataset.state = "saved";
  sayWord(detail.again ? "again" : "done", { number: detail.number }, detail.again ? "warn" : "good");
  document.getElementById("entry").focus();
});

const FAR = 10 * 60 * 1000; // ms
let toldClock = false;

/** Once: this device's clock is far from the server's. */
function tellClock(xhr) {
  const server = Date.parse(xhr.getResponseHeader("Date") ?? "");
  const off = Math.abs(Date.now() - server);
  if (toldClock || !(off > FAR)) return;
  toldClock = true;
  const hours = Math.round(off / 3600000);
  sayWord(hours ? "clock-hours" : "clock-minutes", { count: hours || Math.round(off / 60000) }, "warn");
}
