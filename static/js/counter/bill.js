// The bill in the page: its rows are the state. Merges a scan into its line, changes quantities, adds up, selects, mirrors to the device.
import { gross, inr, milli, paise, plain, quantity, rounded, rupeeParts, rupees } from "./money.js";
import { newKey } from "./store.js";
import { hush, say, sayWord, word } from "./words.js";

export const form = document.getElementById("bill");
const lines = document.getElementById("lines");
const MOST_LINES = 500;
const ONE = 1000n;
let store;
let weighed = null;
let kept = { rev: 0, opened: Date.now(), sent: null };

// --- reading rows --------------------------------------------------------------------------------------------
const input = (row, name) => row.querySelector(`[name="line-${name}"]`);
export const rows = () => [...lines.children];
export const selected = () => lines.querySelector(".sel") ?? lines.lastElementChild;
export const quantityOf = (row) => milli(input(row, "quantity").value) ?? 0n;
const priceOf = (row) => paise(input(row, "price").value) ?? 0n;
const identity = (row) => ["product", "mrp", "price"].map((name) => input(row, name).value).join("|");
export const awaiting = () => rows().find((row) => quantityOf(row) === 0n);

/** The line a second scan of `code` goes to; goods still to be weighed make a line each time. */
export function rowOfCode(code) {
  return rows().findLast((row) => row.dataset.code === code) ?? null;
}

export function totals() {
  const sum = rows().reduce((all, row) => all + gross(quantityOf(row), priceOf(row)), 0n);
  const onMrp = rows().reduce((all, row) => all + saving(row), 0n);
  const total = rounded(sum, form.dataset.rounding);
  return { sum, total, round: total - sum, saved: onMrp };
}

function saving(row) {
  const mrp = paise(input(row, "mrp").value);
  return mrp === null ? 0n : gross(quantityOf(row), mrp - priceOf(row));
}

// --- changing rows -------------------------------------------------------------------------------------------
/** A line from the server's row; into the line it belongs to when there is one. `times` in thousandths, or null. */
export function add(row, times) {
  const pack = milli(row.dataset.pack) ?? ONE;
  const loose = "loose" in row.dataset;
  const mine = rows().findLast((other) => identity(other) === identity(row) && (times !== null || !loose) && quantityOf(other) > 0n);
  if (mine) return addTo(mine, times ?? ONE, pack);
  if (rows().length >= MOST_LINES) return sayWord("too-many", {}, "bad");
  lines.append(row);
  if (loose && times === null && quantityOf(row) === 0n) return weigh(row);
  const wanted = (pack * (times ?? ONE)) / ONE;
  write(row, wanted <= ceiling(row) ? wanted : pack);
  return wanted <= ceiling(row) ? chosen(row) : setQuantity(row, wanted);
}

/** `times` more scans of what the line's code stands for. Answers what setQuantity() does. */
export function addTo(row, times, pack = milli(row.dataset.pack) ?? ONE) {
  return setQuantity(row, quantityOf(row) + (pack * times) / ONE);
}

/** The cursor goes into the quantity cell, unless the next text is on its way in the entry box already: that one ends up here too. */
export function weigh(row) {
  select(row);
  weighed = row;
  if (!document.getElementById("entry").value) {
    input(row, "quantity").focus();
    input(row, "quantity").select();
  }
  sayWord("weigh", { name: row.dataset.name }, "warn");
  changed();
}

/** The line whose weight was asked for last and is still the thing at hand. */
export const weighing = () => (weighed?.isConnected && weighed === selected() && quantityOf(weighed) === 0n ? weighed : null);
export const stopWeighing = () => { weighed = null; };

const ceiling = (row) => milli(row.dataset.ceiling) ?? 99n * ONE;

/** Puts a quantity (thousandths) on a line. Above the line's ceiling it asks once: answers a question { yes, no } then, else undefined. */
export function setQuantity(row, wanted) {
  if (wanted <= 0n) return remove(row);
  const step = 10n ** BigInt(3 - Number(row.dataset.decimals));
  if (wanted % step) {
    sayWord("whole", { name: row.dataset.name, unit: row.dataset.unit }, "bad");
    return show(row);
  }
  if (wanted > ceiling(row) && !("sure" in row.dataset)) {
    sayWord("sure", { quantity: quantity(wanted), unit: row.dataset.unit, name: row.dataset.name }, "warn");
    show(row);
    return { yes: () => { row.dataset.sure = ""; setQuantity(row, wanted); }, no: () => { show(row); hush(); } };
  }
  write(row, wanted);
  chosen(row);
}

function write(row, amount) {
  const cell = input(row, "quantity");
  cell.value = quantity(amount);
  cell.setAttribute("value", cell.value); // so that the row's HTML is its state
  row.classList.toggle("await", amount === 0n);
  row.querySelector(".amount b").textContent = inr(gross(amount, priceOf(row)));
}

function chosen(row) {
  select(row);
  hush();
  changed();
}

/** The cell shows again what the line holds. */
export function show(row) {
  const cell = input(row, "quantity");
  cell.value = cell.getAttribute("value") ?? "";
}

export function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (next) select(next);
  say(word("removed", { name: row.dataset.name }), "info");
  changed();
}

export function select(row) {
  for (const other of lines.querySelectorAll(".sel")) {
    other.classList.remove("sel");
    other.removeAttribute("aria-selected");
  }
  row.classList.add("sel");
  row.setAttribute("aria-selected", "true");
  row.scrollIntoView({ block: "nearest" });
}

export function move(by) {
  const all = rows();
  const next = all[Math.min(Math.max(all.indexOf(selected()) + by, 0), all.length - 1)];
  if (next) select(next);
}

// --- showing -------------------------------------------------------------------------------------------------
function showTotals() {
  const { total, round, saved } = totals();
  const [whole, fraction] = rupeeParts(total);
  const small = Object.assign(document.createElement("small"), { textContent: fraction });
  document.querySelector("[data-total]").replaceChildren(whole, small);
  document.querySelector("[data-tab-total]").textContent = rupees(total);
  const count = rows().length;
  const parts = count ? [word(count === 1 ? "items-one" : "items-many", { count })] : [word("nothing-yet")];
  if (saved > 0n) parts.push(word("saved", { amount: rupees(saved) }));
  if (round) parts.push(word("round", { amount: (round > 0n ? "+" : "") + inr(round) }));
  document.querySelector("[data-sub]").textContent = parts.join(" · ");
  form.elements.total.value = count ? plain(total) : "";
  form.classList.toggle("has-lines", count > 0);
}

export function showLast(row) {
  const box = document.getElementById("last");
  const { left, expiry, name } = row.dataset;
  box.querySelector("[data-last-name]").textContent = name;
  box.querySelector("[data-last-price]").textContent = rupees(priceOf(row));
  const stock = [word("left", { left }), expiry && word("best-before", { month: expiry })].filter(Boolean);
  box.querySelector("[data-last-stock]").textContent = stock.join(" · ");
  box.hidden = false;
}

// --- keeping -------------------------------------------------------------------------------------------------
/** After every change: sums, and the copy on this device. */
export function changed() {
  showTotals();
  keep();
  form.dispatchEvent(new CustomEvent("bill:changed"));
}

/** How the bill was paid when it was sent and not answered yet; null for a bill that may be changed. */
export const isSent = () => kept.sent;

/** Once sent, nothing may change on it until the server has said what became of it. */
export function markSent(how) {
  kept.sent = how;
  keep();
}

function keep() {
  kept.rev += 1;
  const customer = document.getElementById("customer");
  store.keep({ ...kept, key: form.elements.key.value, rows: lines.innerHTML, customer: customer.hidden ? "" : customer.innerHTML });
}

/** A new empty bill with a new request key; what the old one kept here is let go. */
export function startNew() {
  store.drop(form.elements.key.value);
  lines.replaceChildren();
  document.getElementById("customer").hidden = true;
  document.getElementById("customer").replaceChildren();
  document.getElementById("last").hidden = true;
  for (const field of form.querySelectorAll("#tenders input")) field.value = "";
  form.elements.key.value = newKey();
  kept = { rev: 0, opened: Date.now(), sent: null };
  store.hold(form.elements.key.value);
  showTotals();
}

/** Opens the bill this device kept, else a fresh one. */
export async function open(place) {
  store = place;
  const saved = lines.children.length ? null : await store.mine();
  if (saved) {
    form.elements.key.value = saved.key;
    lines.innerHTML = saved.rows;
    showCustomer(saved.customer);
    kept = { rev: saved.rev, opened: saved.opened, sent: saved.sent };
    if (lines.children.length) sayWord(saved.sent ? "sent" : "restored", {}, saved.sent ? "warn" : "info");
    lines.querySelector(".sel")?.scrollIntoView({ block: "nearest" });
  } else {
    form.elements.key.value = newKey();
    store.hold(form.elements.key.value);
  }
  showTotals();
}

function showCustomer(html) {
  const box = document.getElementById("customer");
  box.innerHTML = html;
  box.hidden = !html;
}

export const customerOnBill = () => form.elements.customer?.value ?? "";
