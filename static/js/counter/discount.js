// Discounts and rates by hand: asked in the entry box, checked against the MRP here, against the role's limits before anything is written.
import * as bill from "./bill.js";
import { define } from "./keys.js";
import { inr, paise, plain, rupees } from "./money.js";
import { askInBox, promptOpen } from "./prompt.js";
import { enqueue } from "./queue.js";
import * as r from "./row.js";
import { lineSums, offOf, readOff } from "./sums.js";
import { sayWord, word } from "./words.js";

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
    take: (text) => offOnLine(row, text),
  });
}

function askBillOff() {
  askInBox({ name: "bill-off", label: word("chip-bill-off"), hint: word("ask-bill-off"), take: offOnBill });
}

function offOnLine(row, text) {
  const line = lineSums({ ...r.lineOf(row), off: undefined });
  const wrong = problem(text, line.gross - line.offer);
  if (wrong) return wrong;
  return enqueue(() => { if (row.isConnected) bill.setField(row, "off", typed(text)); });
}

function offOnBill(text) {
  const wrong = problem(text, bill.totals().sum);
  return wrong || enqueue(() => bill.setDiscount(typed(text)));
}

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
    take: (text) => rateOnLine(row, text),
  });
}

function rateOnLine(row, text) {
  const rate = paise(text);
  const mrp = r.mrpOf(row);
  if (rate === null || !text.trim()) return word("bad-rate", { text });
  if (mrp !== null && rate > mrp) return word("above-mrp", { rate: `₹${inr(rate)}`, mrp: `₹${inr(mrp)}` });
  const back = rate === 0n || rate === r.listPriceOf(row);
  return enqueue(() => { if (row.isConnected) bill.setField(row, "rate", back ? "" : plain(rate)); });
}

define("discount", askOff, ["F6", "Alt+d"]);
define("bill-discount", askBillOff);
define("rate", askRate, ["F7", "Alt+r"]);
