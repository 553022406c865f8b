// A line of the bill: the hidden inputs of its row are its state, so that the row's HTML can be kept and opened again.
import { gross as grossOf, inr, milli, paise, plain } from "./money.js";
import { readOffers } from "./offers.js";
import { priceFor, readSlabs } from "./prices.js";
import { readOff, stepOf } from "./sums.js";
import { word } from "./words.js";

const ONE = 1000n;
export const input = (row, name) => row.querySelector(`[name="line-${name}"]`);
export const text = (row, name) => input(row, name)?.value ?? "";

/** Writes a field; the attribute too, since the row is kept as HTML. */
export function put(row, name, value) {
  const field = input(row, name);
  field.value = value;
  field.setAttribute("value", value);
}

export const quantityOf = (row) => milli(text(row, "quantity")) ?? 0n;
export const listPriceOf = (row) => paise(text(row, "price")) ?? 0n;
export const rateOf = (row) => (text(row, "rate") ? paise(text(row, "rate")) : null);
export const priceOf = (row) => rateOf(row) ?? listPriceOf(row);
export const amountOf = (row) => (text(row, "amount") ? paise(text(row, "amount")) : null);
export const mrpOf = (row) => (text(row, "mrp") ? paise(text(row, "mrp")) : null);
export const packOf = (row) => milli(row.dataset.pack) ?? ONE;
export const stepIn = (row) => stepOf(Number(row.dataset.decimals));
export const ceilingOf = (row) => milli(row.dataset.ceiling) ?? 99n * ONE;
export const isLoose = (row) => "loose" in row.dataset;

/** What makes two scans one line: the same goods at the same list price, of the same batch; goods sold by the amount stand alone. */
export const identity = (row) => (amountOf(row) === null ? [text(row, "product"), text(row, "mrp"), row.dataset.base, text(row, "lot")].join("|") : null);

/** The list's rate for the quantity at hand goes into the row; goods sold by the amount cost what the smallest quantity does. */
export function putListPrice(row) {
  const quantity = amountOf(row) === null && quantityOf(row) > 0n ? quantityOf(row) : stepIn(row);
  const own = row.dataset.own ? paise(row.dataset.own) : null;
  const price = plain(priceFor(paise(row.dataset.base), readSlabs(row.dataset.slabs), quantity, { mrp: mrpOf(row), ceiling: own }));
  if (text(row, "price") !== price) put(row, "price", price);
}

/** What `offers.js` wants to know of a line. */
export function offerLineOf(row) {
  const price = priceOf(row);
  const gross = amountOf(row) ?? grossOf(quantityOf(row), price);
  const byHand = rateOf(row) !== null && rateOf(row) !== listPriceOf(row);
  return { product: text(row, "product"), quantity: quantityOf(row), price, gross, offers: readOffers(row.dataset.offers), byHand };
}

/** What `sums.js` wants to know of a line. */
export function lineOf(row) {
  return {
    quantity: quantityOf(row),
    price: priceOf(row),
    amount: amountOf(row),
    mrp: mrpOf(row),
    off: readOff(text(row, "off")) ?? undefined,
  };
}

// --- what it shows -------------------------------------------------------------------------------------------
/** Draws amount, rate and the note of a line from what it comes to. */
export function draw(row, sums) {
  row.classList.toggle("await", quantityOf(row) === 0n);
  row.querySelector(".amount b").textContent = inr(sums.net);
  drawRate(row);
  const note = row.querySelector("[data-note]");
  note.textContent = noteOf(row, sums);
  note.hidden = !note.textContent;
}

function drawRate(row) {
  const [rate, listed] = [rateOf(row), listPriceOf(row)];
  const changed = rate !== null && rate !== listed;
  row.classList.toggle("changed", changed);
  const old = Object.assign(document.createElement("s"), { textContent: inr(listed) });
  row.querySelector(".rate").replaceChildren(...(changed ? [old, " ", inr(rate)] : [inr(listed)]));
  const cost = paise(row.dataset.cost ?? "");
  row.classList.toggle("lowcost", cost !== null && priceOf(row) < cost);
}

function noteOf(row, sums) {
  const said = [];
  if (amountOf(row) !== null) said.push(word("worth", { amount: plain(amountOf(row)) }));
  if (sums.offer) said.push(word("offer", { name: sums.offerName, amount: inr(sums.offer) }));
  if (sums.off) said.push(word(text(row, "off").includes("%") ? "off-percent" : "off", { off: text(row, "off"), amount: inr(sums.off) }));
  return said.join(" · ");
}

/** The cell shows again what the line holds. */
export function show(row) {
  const cell = input(row, "quantity");
  cell.value = cell.getAttribute("value") ?? "";
}

