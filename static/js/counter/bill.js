// The bill in the page: its rows are the state. Merges a scan into its line, changes quantities, adds up, selects.
import { inr, plain, quantity, rupeeParts, rupees } from "./money.js";
import { offersOn } from "./offers.js";
import { isLast } from "./queue.js";
import * as r from "./row.js";
import { NOTHING, billSums, quantityFor, readOff } from "./sums.js";
import { hush, say, sayWord, word } from "./words.js";

export const form = document.getElementById("bill");
const lines = document.getElementById("lines");
const MOST_LINES = 500;
const ONE = 1000n;
let weighed = null;
let sums = null;

// --- reading rows --------------------------------------------------------------------------------------------
export const rows = () => [...lines.children];
export const selected = () => lines.querySelector(".sel") ?? lines.lastElementChild;
export const { quantityOf, show } = r;
export const awaiting = () => rows().find((row) => quantityOf(row) === 0n);

/** The line a second scan of `code` goes to; goods sold by the amount make a line each time. */
export function rowOfCode(code) {
  return rows().findLast((row) => row.dataset.code === code && r.amountOf(row) === null) ?? null;
}

/** { sum, total, round, saved, discount } of the bill as it stands. */
export const totals = () => sums ?? refresh();

// --- changing rows -------------------------------------------------------------------------------------------
/** A line from the server's row; into the line it belongs to when there is one. `times` in thousandths, or null. */
export function add(row, times) {
  const one = quantityOf(row) || r.packOf(row); // what the row itself stands for: a packet, a carton, a weighed bag
  const joins = r.identity(row) !== null && (times !== null || !r.isLoose(row));
  const mine = joins && rows().findLast((other) => r.identity(other) === r.identity(row) && quantityOf(other) > 0n);
  if (mine) return addTo(mine, times ?? ONE, one);
  if (rows().length >= MOST_LINES) return sayWord("too-many", {}, "bad");
  lines.append(row);
  if (r.amountOf(row) !== null) return chosen(row);
  if (r.isLoose(row) && times === null && quantityOf(row) === 0n) return weigh(row);
  const wanted = (one * (times ?? ONE)) / ONE;
  write(row, wanted <= r.ceilingOf(row) ? wanted : one);
  return wanted <= r.ceilingOf(row) ? chosen(row) : setQuantity(row, wanted);
}

/** A line of its own for `amount` (paise) worth of the row's goods. */
export function addWorth(row, amount) {
  if (rows().length >= MOST_LINES) return sayWord("too-many", {}, "bad");
  const count = worth(row, amount);
  if (count === null) return undefined;
  lines.append(row);
  writeWorth(row, amount, count);
  return chosen(row);
}

/** The line is sold for `amount` (paise) from now on; the quantity is what that buys. */
export function sellFor(row, amount) {
  const count = worth(row, amount);
  if (count === null) return undefined;
  writeWorth(row, amount, count);
  return chosen(row);
}

/** How much `amount` buys; null, and a sentence, when that cannot be sold. */
function worth(row, amount) {
  const step = r.stepIn(row);
  const count = quantityFor(amount, r.priceOf(row), step, r.mrpOf(row));
  const whole = step < ONE || count * r.priceOf(row) === amount * ONE;
  if (count > 0n && whole) return count;
  sayWord(whole ? "buys-none" : "whole", { amount: rupees(amount), name: row.dataset.name, unit: row.dataset.unit }, "bad");
  return null;
}

function writeWorth(row, amount, count) {
  r.put(row, "amount", plain(amount));
  r.put(row, "quantity", quantity(count));
}

/** `times` more scans of what the line's code stands for. Answers what setQuantity() does. */
export function addTo(row, times, pack = r.packOf(row)) {
  return setQuantity(row, quantityOf(row) + (pack * times) / ONE);
}

/** The cursor goes into the quantity cell, unless the next text is on its way already (the weight then comes through the entry box) or
 *  somebody else takes the weight (`line:weigh`, the pad). */
export function weigh(row) {
  select(row);
  weighed = row;
  const isFree = form.dispatchEvent(new CustomEvent("line:weigh", { detail: { row }, cancelable: true }));
  if (isFree && isLast() && !document.getElementById("entry").value) {
    r.input(row, "quantity").focus();
    r.input(row, "quantity").select();
  }
  sayWord("weigh", { name: row.dataset.name }, "warn");
  changed();
}

/** The line whose weight was asked for last and is still the thing at hand. */
export const weighing = () => (weighed?.isConnected && weighed === selected() && quantityOf(weighed) === 0n ? weighed : null);
export const stopWeighing = () => { weighed = null; };

/** Puts a quantity (thousandths) on a line. Above the line's ceiling it asks once: answers a question { yes, no } then, else undefined. */
export function setQuantity(row, wanted) {
  if (wanted <= 0n) return remove(row);
  if (wanted % r.stepIn(row)) {
    sayWord("whole", { name: row.dataset.name, unit: row.dataset.unit }, "bad");
    return show(row);
  }
  if (wanted > r.ceilingOf(row) && !("sure" in row.dataset)) {
    sayWord("sure", { quantity: quantity(wanted), unit: row.dataset.unit, name: row.dataset.name }, "warn");
    show(row);
    return { yes: () => { row.dataset.sure = ""; setQuantity(row, wanted); }, no: () => { show(row); hush(); } };
  }
  write(row, wanted);
  chosen(row);
}

function write(row, count) {
  r.put(row, "amount", "");
  r.put(row, "quantity", quantity(count));
}

/** Writes a field of a line ("rate", "off") and goes on from there; a line sold by the amount buys anew at another rate. */
export function setField(row, name, value) {
  r.put(row, name, value);
  const amount = r.amountOf(row);
  if (name === "rate" && amount !== null) r.put(row, "quantity", quantity(quantityFor(amount, r.priceOf(row), r.stepIn(row), r.mrpOf(row))));
  chosen(row);
}

/** The bill's own discount as typed: "5%", "20", or "" for none. */
export function setDiscount(off) {
  form.elements.discount.value = off;
  form.elements.discount.setAttribute("value", off);
  hush();
  changed();
}

/** The server's fresh row takes the place of `row`, which keeps what was done to it by hand. */
export function renew(row, fresh) {
  for (const name of ["quantity", "amount", "off", "rate"]) r.put(fresh, name, r.text(row, name));
  if ("sure" in row.dataset) fresh.dataset.sure = "";
  fresh.dataset.code = row.dataset.code;
  fresh.classList.toggle("sel", row.classList.contains("sel"));
  row.replaceWith(fresh);
}

function chosen(row) {
  select(row);
  hush();
  changed();
}

export function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (next) select(next);
  say(word("removed", { name: row.dataset.name }), "info");
  changed();
  form.dispatchEvent(new CustomEvent("line:removed", { detail: { row } }));
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
/** Adds the bill up and draws all that follows from its rows and fields. */
export function refresh() {
  const all = rows();
  all.forEach(r.putListPrice);
  const taken = offersOn(all.map(r.offerLineOf));
  const each = all.map((row, n) => ({ ...r.lineOf(row), offer: taken[n].discount }));
  sums = billSums(each, readOff(form.elements.discount.value) ?? NOTHING, form.dataset.rounding);
  all.forEach((row, n) => r.draw(row, { ...sums.lines[n], offerName: taken[n].offer?.name }));
  showTotals(all.length);
  return sums;
}

function showTotals(count) {
  const { total } = sums;
  const [whole, fraction] = rupeeParts(total);
  const small = Object.assign(document.createElement("small"), { textContent: fraction });
  document.querySelector("[data-total]").replaceChildren(whole, small);
  document.querySelector("[data-sub]").textContent = subline(count).join(" · ");
  form.querySelector("[name=total]").value = count ? plain(total) : ""; // not form.elements.total: the button #total goes by that name too
  form.classList.toggle("has-lines", count > 0);
}

function subline(count) {
  const { round, saved, discount } = sums;
  const parts = count ? [word(count === 1 ? "items-one" : "items-many", { count })] : [word("nothing-yet")];
  const list = document.getElementById("price-lists").content.querySelector(`[data-list="${form.elements.list.value}"] b`);
  if (form.elements.list.value && list) parts.push(list.textContent);
  if (discount) parts.push(word("less", { amount: rupees(discount) }));
  if (saved > 0n) parts.push(word("saved", { amount: rupees(saved) }));
  if (round) parts.push(word("round", { amount: (round > 0n ? "+" : "") + inr(round) }));
  return parts;
}

/** What was scanned last, in large; it tells whoever wants to hear that the goods came onto the bill. */
export function showLast(row) {
  const box = document.getElementById("last");
  const { left, expiry, name } = row.dataset;
  box.querySelector("[data-last-name]").textContent = name;
  box.querySelector("[data-last-price]").textContent = rupees(r.priceOf(row));
  const stock = [word("left", { left }), expiry && word("best-before", { month: expiry })].filter(Boolean);
  box.querySelector("[data-last-stock]").textContent = stock.join(" · ");
  box.hidden = false;
  form.dispatchEvent(new CustomEvent("line:added", { detail: { row } }));
}

/** After every change: sums, and whoever wants to know. desk.js keeps the copy on this device. */
export function changed() {
  refresh();
  form.dispatchEvent(new CustomEvent("bill:changed"));
}

export const customerOnBill = () => form.elements.customer?.value ?? "";
export const customerName = () => form.querySelector("#customer .name")?.textContent.trim() ?? "";
