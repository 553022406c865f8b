// Discounts and rates by hand: asked in the entry box, checked against the MRP here, against the role's limits before anything is written.
import { askApproval, mayRate, tooMuch } from "./approve.js";
import * as bill from "./bill.js";
import { define } from "./keys.js";
import { inr, paise, plain, rupees } from "./money.js";
import { askInBox, promptOpen } from "./prompt.js";
import { enqueue } from "./queue.js";
import * as r from "./row.js";
import { lineSums, offOf, readOff } from "./sums.js";
import { sayFragment, sayWord, word } from "./words.js";

const NONE = /^0(?:\.0{1,2})?\s*%?$/;

/** The key once: the line at hand; again: the whole bill. */
function askOff() {
  const row = bill.selected();
  if (!row) return sayWord("no-line", {}, "warn");
  if (promptOpen()?.name === "off") return askBillOff();
  return askInBox({
    name: "off",
    label: word("chip-off", { name: row.dataset.name }),
    hint: word("ask-off"),
    keyboard: "decimal",
    take: (text) => offOnLine(row, text),
  });
}

function askBillOff() {
  askInBox({ name: "bill-off", label: word("chip-bill-off"), hint: word("ask-bill-off"), keyboard: "decimal", take: offOnBill });
}

function offOnLine(row, text) {
  const line = lineSums({ ...r.lineOf(row), off: undefined });
  const whole = line.gross - line.offer;
  return problem(text, whole) || onceAllowed(text, whole, () => row.isConnected && bill.setField(row, "off", typed(text)));
}

function offOnBill(text) {
  const { sum } = bill.totals();
  return problem(text, sum) || onceAllowed(text, sum, () => bill.setDiscount(typed(text)));
}

/** Puts a discount on, after somebody with a PIN let it pass if it is more than the cashier may give. */
async function onceAllowed(text, whole, act) {
  const percent = tooMuch(offOf(readOff(text), whole), whole);
  const approved = percent && (await askApproval({ percent }));
  if (!percent || approved) enqueue(() => { act(); tell(approved); });
}

const tell = (approved) => approved && sayFragment(approved);

/** A sentence when `text` is no discount, or more than the `whole` (paise) it is taken from. */
function problem(text, whole) {
  const off = readOff(text);
  if (!off || !text.trim()) return word("bad-off", { text });
  return offOf(off, whole) > whole ? word("off-too-much", { amount: rupees(off.rupees), whole: rupees(whole) }) : "";
}

const typed = (text) => (NONE.test(text.trim()) ? "" : text.trim().replace(/\s+/g, ""));

/** The rate of the line at hand; never above its MRP. */
function askRate() {
  const row = bill.selected();
  if (!row) return sayWord("no-line", {}, "warn");
  const { name } = row.dataset;
  return askInBox({
    name: "rate",
    label: word("chip-rate", { name }),
    hint: word("ask-rate", { name, rate: rupees(r.listPriceOf(row)) }),
    keyboard: "decimal",
    take: (text) => rateOnLine(row, text),
  });
}

function rateOnLine(row, text) {
  const rate = paise(text);
  const mrp = r.mrpOf(row);
  if (rate === null || !text.trim()) return word("bad-rate", { text });
  if (mrp !== null && rate > mrp) return word("above-mrp", { rate: `₹${inr(rate)}`, mrp: `₹${inr(mrp)}` });
  const back = rate === 0n || rate === r.listPriceOf(row);
  return putRate(row, back ? "" : plain(rate), back ? 0n : r.listPriceOf(row) - rate);
}

/** `off` paise a unit are given away. */
async function putRate(row, rate, off) {
  const percent = tooMuch(off, r.listPriceOf(row));
  const needs = rate && (percent || !mayRate());
  const approved = needs && (await askApproval({ rate: true, percent }));
  if (needs && !approved) return;
  enqueue(() => { if (row.isConnected) bill.setField(row, "rate", rate); tell(approved); });
}

define("discount", askOff, ["F6", "Alt+d"]);
define("bill-discount", askBillOff);
define("rate", askRate, ["F7", "Alt+r"]);
