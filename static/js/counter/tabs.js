// The tabs of the open bills in the top bar, the keys that go from one to another, hold and recall, undo.
import { rows } from "./bill.js";
import * as desk from "./desk.js";
import { define } from "./keys.js";
import { paise, rupees } from "./money.js";
import { pickFrom } from "./pick.js";
import { dropPrompt } from "./prompt.js";
import { enqueue, open as question } from "./queue.js";
import { closeSide } from "./side.js";
import { isBlank } from "./state.js";
import { onTold } from "./windows.js";
import { sayWord, word } from "./words.js";

const MOST_BILLS = 20;
const SLOW = 500; // ms until the tab says that the disk is slow
const form = document.getElementById("bill");
const bar = document.getElementById("bills");
const pattern = document.getElementById("tab");
let others = [];
let told;
let isSlow = false;
let inSight = "";
let asked = 0;
let known = 0;

// --- drawing ---------------------------------------------------------------------------------------------------
function all() {
  const mine = { ...desk.atHand(), isAtHand: true };
  return [...others.filter((bill) => bill.key !== mine.key), mine].sort((a, b) => a.opened - b.opened);
}

const nameOf = (bill) => bill.name || word("tab-bill");
const sumOf = (bill) => rupees(paise(bill.total) ?? 0n);
const clock = (time) => new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kolkata" });

/** → [mark, words] of a bill's state; the mark also picks the icon. */
function stateOf(bill) {
  if (bill.isAtHand && isSlow && Number(form.dataset.kept) < bill.rev) return ["slow", word("tab-slow")];
  if (bill.refused) return ["refused", word("tab-refused")];
  if (bill.sent) return ["sent", word("tab-sent")];
  if (bill.elsewhere) return ["elsewhere", word("tab-elsewhere")];
  if (bill.held) return ["held", word("tab-held", { time: clock(bill.held) })];
  return bill.isAtHand ? ["hand", ""] : ["open", word("tab-open")];
}

function draw() {
  const tabs = new Map([...bar.querySelectorAll("[data-bill]")].map((tab) => [tab.dataset.bill, tab]));
  const bills = all();
  const wanted = bills.map((bill, place) => drawn(tabs.get(bill.key) ?? pattern.content.firstElementChild.cloneNode(true), bill, place + 1));
  const now = [...bar.querySelectorAll(".tab:not(.plus)")];
  if (wanted.length !== now.length || wanted.some((tab, place) => tab !== now[place])) {
    now.filter((tab) => !wanted.includes(tab)).forEach((tab) => tab.remove());
    bar.prepend(...wanted);
    inSight = null; // tabs that came before it pushed the one at hand away
  }
  if (inSight !== desk.atHand().key) showAtHand();
}

function showAtHand() {
  inSight = desk.atHand().key;
  bar.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function drawn(tab, bill, number) {
  const [mark, words] = stateOf(bill);
  const texts = { no: String(number), name: nameOf(bill), sum: sumOf(bill), state: words };
  for (const [name, text] of Object.entries(texts)) {
    const place = tab.querySelector(`[data-tab="${name}"]`);
    if (place.textContent !== text) place.textContent = text;
  }
  if (tab.dataset.state !== mark) tab.dataset.state = mark;
  tab.dataset.bill = bill.key;
  if (bill.isAtHand) tab.setAttribute("aria-current", "true");
  else tab.removeAttribute("aria-current");
  return tab;
}

async function refresh() {
  const mine = (asked += 1);
  const found = await desk.waiting();
  if (!found || mine < known) return; // a later question was answered already
  known = mine;
  others = found;
  draw();
}

for (const name of ["bill:changed", "bill:keeping"]) form.addEventListener(name, draw);
form.addEventListener("bill:keeping", ({ detail }) => setTimeout(showSlow, SLOW, detail));
form.addEventListener("bill:kept", () => {
  if (isSlow) draw();
  isSlow = false;
});
form.addEventListener("desk:changed", refresh);
addEventListener("focus", refresh);
new ResizeObserver(showAtHand).observe(bar);
onTold(() => {
  clearTimeout(told);
  told = setTimeout(refresh, 300);
});

/** A disk that takes its time is told in the tab: until it answers, a power cut may lose the last change. */
function showSlow({ key, rev }) {
  if (key !== desk.atHand().key || Number(form.dataset.kept) >= rev) return;
  isSlow = true;
  draw();
}

// --- from one to another -----------------------------------------------------------------------------------------
/** What is being asked ends unanswered, and a payment without an answer goes on waiting in its tab. */
function turn(step) {
  desk.turnAway();
  closeSide();
  dropPrompt();
  question()?.no();
  return enqueue(step);
}

const isFull = () => others.length + 1 >= MOST_BILLS && (sayWord("too-many-bills", { most: MOST_BILLS }, "bad") || true);

async function go(by) {
  await refresh();
  const bills = all().filter((bill) => !bill.elsewhere);
  const next = bills[(bills.findIndex((bill) => bill.isAtHand) + by + bills.length) % bills.length];
  if (next.isAtHand) return sayWord("only-bill", {}, "info");
  return take(next);
}

async function take(bill) {
  if (await desk.takeUp(bill.key)) sayTaken(bill);
}

function sayTaken(bill) {
  if (bill.sent || bill.refused || desk.atHand().key !== bill.key) return;
  sayWord("bill-taken", { name: nameOf(bill), count: rows().length, total: sumOf(bill) }, "info");
}

async function hold() {
  await refresh();
  if (isBlank()) return recall();
  if (isFull()) return undefined;
  const bill = desk.atHand();
  await desk.setAside(true);
  return sayWord("bill-held", { name: nameOf(bill), total: sumOf(bill) }, "good");
}

/** The only one that waits comes at once; of several one is chosen. */
function recall() {
  const bills = all().map((bill, place) => ({ ...bill, number: place + 1 })).filter((bill) => !bill.isAtHand && !bill.elsewhere);
  if (!bills.length) return sayWord("none-held", {}, "info");
  if (bills.length === 1) return take(bills[0]);
  openList(bills);
  return undefined;
}

async function openList(bills) {
  const options = bills.map((bill) => ({ value: bill, number: bill.number, name: nameOf(bill), sum: sumOf(bill), about: about(bill) }));
  const bill = await pickFrom(options, { label: word("held-bills"), hint: word("held-hint") });
  if (bill) turn(() => take(bill));
}

const about = (bill) => [word(bill.count === 1 ? "items-one" : "items-many", { count: bill.count }), stateOf(bill)[1]].filter(Boolean).join(" · ");

async function one() {
  await refresh();
  if (isBlank() || isFull()) return undefined;
  return desk.setAside(false);
}

function undo() {
  if (desk.isSent()) return undefined;
  const step = desk.undo();
  return step ? sayUndone(step) : sayWord("nothing-undone", {}, "info");
}

function sayUndone({ gone, came, fields }) {
  if (gone.length + came.length > 2) return sayWord("undone-many", {}, "info");
  const [row] = came.length ? came : gone;
  if (!row) return sayWord(fields.includes("customer") ? "undone-customer" : "undone-bill", {}, "info");
  const { name, quantity, unit } = desk.lineOf(row);
  const what = came.length && gone.length ? "undone-change" : came.length ? "undone-remove" : "undone-add";
  return sayWord(what, { name, quantity, unit }, "info");
}

function redo() {
  if (!desk.isSent()) sayWord(desk.redo() ? "redone" : "nothing-redone", {}, "info");
}

define("hold", () => turn(hold), ["F3", "Alt+h"]);
define("previous-bill", () => turn(() => go(-1)), ["PageUp"]);
define("next-bill", () => turn(() => go(1)), ["PageDown"]);
define("new-bill", () => turn(one));
define("open-bill", (tab) => turn(() => take(all().find((bill) => bill.key === tab.dataset.bill) ?? { key: tab.dataset.bill })));
define("undo", () => enqueue(undo), ["Ctrl+z"], { edits: true });
define("redo", () => enqueue(redo), ["Ctrl+y", "Ctrl+Shift+z"], { edits: true });
