// The counter's keys, clicks and touches. What they do stands in the modules beside this one.
import * as bill from "./bill.js";
import "./camera.js";
import "./cancel.js";
import "./connection.js";
import { removeCustomer } from "./customer.js";
import "./approve.js";
import "./batch.js";
import * as desk from "./desk.js";
import "./discount.js";
import * as find from "./find.js";
import { isGtin, looksScanned } from "./grammar.js";
import "./keycard.js";
import { actOf, define, nameOf, run } from "./keys.js";
import "./lists.js";
import "./lock.js";
import "./log.js";
import { milli } from "./money.js";
import "./pad.js";
import * as pay from "./pay.js";
import "./reprint.js";
import { answerPrompt, dropPrompt, promptOpen } from "./prompt.js";
import * as queue from "./queue.js";
import { dropTimes, pickProduct, quantityTyped, submit } from "./scan.js";
import { closeSide, inSide, isSideOpen, keyInSide, moveInSide } from "./side.js";
import "./sound.js";
import { storeOf } from "./store.js";
import "./tabs.js";
import "./tiles.js";
import "./touch.js";
import { afterPrint } from "./unheard.js";
import { dressSaid, hush, sayWord } from "./words.js";

const entry = document.getElementById("entry");
const form = bill.form;
const touch = matchMedia("(pointer: coarse)").matches;

let keyboard = ""; // what an act wants typed in the box

/** The cursor is always in the box; on a phone the keyboard stays closed until the box is tapped or something is asked in it. */
function home() {
  const wanted = promptOpen()?.keyboard || keyboard || "none";
  if (touch && wanted !== "none") entry.blur(); // a keyboard that is closed opens with the cursor's coming
  if (touch) entry.inputMode = wanted;
  entry.focus({ preventScroll: true });
}

// --- Enter, Escape, arrows -----------------------------------------------------------------------------------
function enter(event) {
  const cell = event.target.closest?.(".qty");
  if (event.target === entry) answer();
  else if (inSide(event.target)) return enterInSide(event);
  else if (cell) leaveCell(cell);
  else if (pay.isOpen() && event.target.closest?.("#tenders")) payRow(event.target);
  else if (event.target.closest?.("button, a, summary, dialog")) return;
  else home();
  event.preventDefault();
}

/** A field beside the bill is sent by its form; a scan that lands in it is a scan all the same. */
function enterInSide(event) {
  const field = event.target;
  if (!field.matches("input") || "takesScan" in field.dataset || !looksScanned(field.value)) return;
  event.preventDefault();
  submit(field.value);
  field.value = "";
}

/** Enter in the box answers an open question when it can; anything else waits its turn. An empty box never pays. */
function answer() {
  const text = entry.value;
  entry.value = "";
  keyboard = "";
  if (promptOpen() && !looksScanned(text)) return answerPrompt(text);
  if (wasScanNotChoice(text)) return takeBackChoice(text);
  picked = null;
  const question = queue.open();
  if (question && !text.trim()) return question.yes();
  return submit(text);
}

// A digit takes one of several MRPs at once. Should it turn out to be the first digit of a scan (the rest came after it, and only
// both together make a right code), the choice is taken back, asked again, and the scan waits behind it.
let picked = null;

function pickByDigit(event) {
  const question = queue.open();
  const option = event.target === entry && !entry.value && /^[1-9]$/.test(event.key) ? question?.options?.[Number(event.key) - 1] : null;
  if (!option) return false;
  picked = { digit: event.key, again: question.again };
  question.yes(option);
  return true;
}

const wasScanNotChoice = (text) => picked !== null && isGtin(picked.digit + text.trim()) && !isGtin(text.trim());

function takeBackChoice(text) {
  const { digit, again } = picked;
  picked = null;
  run("undo");
  again();
  return submit(digit + text.trim());
}

afterPrint(answer);

function leaveCell(cell) {
  cell.blur(); // fires "change" when it was changed
  home();
}

function payRow(field) {
  if (looksScanned(field.value)) {
    const text = field.value;
    field.value = "";
    pay.showBill();
    home();
    return submit(text);
  }
  return pay.enterRow();
}

function escape(event) {
  const cell = event.target.closest?.(".qty");
  keyboard = "";
  bill.stopWeighing();
  if (isSideOpen()) closeSide();
  else if (cell) bill.show(cell.closest("tr"));
  else if (pay.isOpen()) pay.showBill();
  else if (queue.open()) queue.open().no();
  else if (dropPrompt()) entry.value = "";
  else if (find.isOpen()) find.closeFound();
  else if (!dropTimes()) entry.value = "";
  if (!queue.open()) hush();
  home();
}

function arrow(event, by) {
  if (isSideOpen()) moveInSide(by);
  else if (pay.isOpen()) pay.moveRow(by);
  else if (find.isOpen()) find.moveMark(by);
  else if (queue.open()?.options) moveChoice(queue.open().options, by);
  else bill.move(by);
  event.preventDefault();
  if (event.target.matches?.(".qty")) home();
}

function moveChoice(options, by) {
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  options.forEach((option) => option.setAttribute("aria-selected", "false"));
  options[(now + by + options.length) % options.length].setAttribute("aria-selected", "true");
}

// --- acts ----------------------------------------------------------------------------------------------------
function editQuantity() {
  const cell = bill.selected()?.querySelector(".qty");
  if (!cell) return sayWord("no-line", {}, "warn");
  cell.focus();
  return cell.select();
}

function askPhone() {
  keyboard = "tel";
  home();
  sayWord("phone", {}, "info");
}

const removeSelected = () => queue.enqueue(() => bill.selected() && bill.remove(bill.selected()));
define("cash", pay.payExact, ["F9", "Ctrl+Enter"]);
define("pay", () => pay.openPanel("cash"), ["F8"]);
define("upi", () => pay.openPanel("upi"), ["F10", "Alt+u"]);
define("khata", () => pay.openPanel("khata"), ["Alt+k"]);
define("finish", pay.finish);
define("back", () => { pay.showBill(); hush(); });
define("customer", askPhone, ["F4", "Alt+c"]);
define("quantity", editQuantity, ["F2"]);
define("remove", removeSelected);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.target.closest?.("dialog")) return;
  const name = nameOf(event);
  const act = actOf(event);
  if (act) {
    event.preventDefault();
    if (!event.repeat) actAfterSide(act);
  } else if (name === "Enter") enter(event);
  else if (name === "Escape") escape(event);
  else if (name === "ArrowUp" || name === "ArrowDown") arrow(event, name === "ArrowUp" ? -1 : 1);
  else if (isPrintable(event) && pickByDigit(event)) event.preventDefault();
  else if (event.target === entry && !entry.value && !promptOpen()) emptyBox(event, name);
  else if (isPrintable(event)) toBox(event);
});

/** A key of the counter ends what is asked beside the bill. */
function actAfterSide(act) {
  closeSide();
  run(act);
}

function emptyBox(event, name) {
  if (name === " ") run("pay");
  else if (name === "Delete") removeSelected();
  else if (name === "?") run("keys");
  else return;
  event.preventDefault();
}

const isPrintable = (event) => event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;

/** A printable key pressed anywhere but in a field goes to the box (or the payment's row), so that a scan is heard always. */
function toBox(event) {
  if (event.target.matches?.("input, textarea, select, [contenteditable]")) return;
  if (event.key === " " && event.target.matches?.("button, summary, a")) return;
  if (isSideOpen() && keyInSide(event.key)) return event.preventDefault();
  if (pay.isOpen()) document.getElementById("pay-cash").focus();
  else home();
}

// --- fields --------------------------------------------------------------------------------------------------
form.addEventListener("change", (event) => {
  const row = event.target.closest(".qty")?.closest("tr");
  if (!row) return;
  const text = event.target.value.trim();
  if (looksScanned(text)) {
    bill.show(row);
    return submit(text);
  }
  const wanted = milli(text);
  if (wanted === null || !text) {
    bill.show(row);
    return sayWord("bad-quantity", { text }, "bad");
  }
  return quantityTyped(row, wanted);
});

form.addEventListener("input", (event) => {
  if (event.target === entry && !promptOpen()) find.typed();
  else if (event.target.closest("#tenders")) pay.refresh();
});

form.addEventListener("focusin", (event) => {
  const cell = event.target.closest(".qty");
  if (cell) {
    bill.select(cell.closest("tr"));
    cell.select();
  } else if (event.target.closest("#tenders")) pay.refresh();
});

form.addEventListener("submit", (event) => event.preventDefault());
// While a receipt prints, Chromium runs no listener but still lets Enter submit a form: so there is no button here that submits.
for (const button of form.querySelectorAll("[type=submit]")) button.type = "button";
form.addEventListener("bill:changed", () => pay.isOpen() && pay.refresh());
entry.addEventListener("pointerdown", () => { entry.inputMode = ""; });

// --- clicks --------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  let hit;
  if ((hit = on("[data-act]"))) {
    event.preventDefault();
    run(hit.dataset.act, hit);
    if (!pay.isOpen() && !isSideOpen() && !document.activeElement.matches(".qty")) home();
  } else if (on("[name=add]")) {
    event.preventDefault();
    answer();
    home();
  } else if ((hit = on("[data-remove]"))) queue.enqueue(() => hit.isConnected && bill.remove(hit.closest("tr"))).then(home);
  else if ((hit = on("[data-step]"))) step(hit);
  else if ((hit = on("[data-choice]"))) queue.open()?.yes(hit);
  else if ((hit = on("#found [data-product]"))) {
    entry.value = "";
    pickProduct(hit.dataset.product);
    home();
  } else if (on("[data-no-customer]")) queue.enqueue(removeCustomer).then(home);
  else if ((hit = on("#lines tr"))) {
    bill.select(hit);
    if (!on(".qty")) home();
  } else if (!on("input, a, button, summary, .menu, dialog, .panel, .side")) home();
});

function step(button) {
  const row = button.closest("tr");
  quantityTyped(row, bill.quantityOf(row) + BigInt(button.dataset.step) * 1000n);
  home();
}

// What was done last stays in sight when the lines get less room (a customer's card, a message, the phone's keyboard).
new ResizeObserver(() => (document.querySelector("#asking .chooser") ?? bill.selected())?.scrollIntoView({ block: "nearest" }))
  .observe(document.getElementById("lines-box"));

// --- the window ----------------------------------------------------------------------------------------------
const away = document.getElementById("away");
addEventListener("blur", () => setTimeout(() => { away.hidden = document.hasFocus(); }, 150));
addEventListener("focus", () => { away.hidden = true; });
away.addEventListener("click", () => { away.hidden = true; home(); });

const clock = document.getElementById("clock");
setInterval(() => {
  clock.textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kolkata" });
}, 5000);

// Scans that come before the kept bill is open wait for it.
const store = storeOf(form.dataset.shop, form.elements.counter.value);
queue.enqueue(() => desk.open(store)).then(() => store.late && store.answers().then(() => queue.enqueue(desk.openLate)));
dressSaid();
home();
document.documentElement.dataset.ready = "";
