// Discounts and rates by hand: asked in the entry box, checked against the MRP here, against the role's limits before anything is written.
import { askApproval, mayRate, tooMuch } from "./approve.js";
import * as bill from "./bill.js";
import { define } from "./keys.js";
import { inr, paise, plain, rupees } from "./money.js";
import { askInBox, promptOpen } from "./prompt.js";
import { enqueue, isIdle } from "./queue.js";
import * as r from "./row.js";
import { lineSums, offOf, readOff } from "./sums.js";
import { say, sayFragment, sayWord, word } from "./words.js";

const NONE = /^0(?:\.0{1,2})?\s*%?$/;

/** The line at hand: the one that is selected now, or, while scans are still on their way, the one that will be when they are there. */
function lineAtHand() {
  const row = isIdle() ? bill.selected() : null;
  return { row, name: row?.dataset.name ?? "…", get: () => (row ? row.isConnected && row : bill.selected()) };
}

/** The key once: the line at hand; again: the whole bill. */
function askOff() {
  const line = lineAtHand();
  if (isIdle() && !line.row) return sayWord("no-line", {}, "warn");
  if (promptOpen()?.name === "off") return askBillOff();
  return askInBox({
    name: "off",
    label: word("chip-off", { name: line.name }),
    hint: word("ask-off"),
    keyboard: "decimal",
    take: (text) => unreadable(text) || enqueue(() => offOnLine(line.get(), text)),
  });
}

function askBillOff() {
  const take = (text) => unreadable(text) || enqueue(() => offOnBill(text));
  askInBox({ name: "bill-off", label: word("chip-bill-off"), hint: word("ask-bill-off"), keyboard: "decimal", take });
}

function offOnLine(row, text) {
  if (!row) return sayWord("no-line", {}, "warn");
  const line = lineSums({ ...r.lineOf(row), off: undefined });
  return onceAllowed(text, line.gross - line.offer, () => bill.setField(row, "off", typed(text)));
}

const offOnBill = (text) => onceAllowed(text, bill.totals().sum, () => bill.setDiscount(typed(text)));

/** Puts a discount on, after somebody with a PIN let it pass if it is more than the cashier may give. What was scanned meanwhile waits. */
async function onceAllowed(text, whole, act) {
  const off = readOff(text);
  const amount = offOf(off, whole);
  if (amount > whole) return sayWord("off-too-much", { amount: rupees(off.rupees), whole: rupees(whole) }, "bad");
  const percent = tooMuch(amount, whole);
  const approved = percent && (await askApproval({ percent }));
  if (percent && !approved) return undefined;
  act();
  return tell(approved);
}

const tell = (approved) => approved && sayFragment(approved);

/** A sentence when `text` is no discount. */
const unreadable = (text) => (text.trim() && readOff(text) ? "" : word("bad-off", { text }));

const typed = (text) => (NONE.test(text.trim()) ? "" : text.trim().replace(/\s+/g, ""));

/** The rate of the line at hand; never above its MRP. */
function askRate() {
  const line = lineAtHand();
  if (isIdle() && !line.row) return sayWord("no-line", {}, "warn");
  const { name } = line;
  return askInBox({
    name: "rate",
    label: word("chip-rate", { name }),
    hint: word("ask-rate", { name, rate: line.row ? rupees(r.listPriceOf(line.row)) : "…" }),
    keyboard: "decimal",
    take: (text) => badRate(text, line.row) || enqueue(() => rateOnLine(line.get(), text)),
  });
}

/** A sentence when `text` is no rate, or above the MRP of `row`. */
function badRate(text, row) {
  const rate = paise(text);
  if (rate === null || !text.trim()) return word("bad-rate", { text });
  const mrp = row ? r.mrpOf(row) : null;
  return mrp !== null && rate > mrp ? word("above-mrp", { rate: `₹${inr(rate)}`, mrp: `₹${inr(mrp)}` }) : "";
}

async function rateOnLine(row, text) {
  if (!row) return sayWord("no-line", {}, "warn");
  const wrong = badRate(text, row);
  if (wrong) return say(wrong, "bad");
  const [rate, listed] = [paise(text), r.listPriceOf(row)];
  if (rate === 0n || rate === listed) return bill.setField(row, "rate", "");
  const percent = tooMuch(listed - rate, listed);
  const needs = percent || !mayRate();
  const approved = needs && (await askApproval({ rate: true, percent }));
  if (needs && !approved) return undefined;
  bill.setField(row, "rate", plain(rate));
  return tell(approved);
}

define("discount", askOff, ["F6", "Alt+d"]);
define("bill-discount", askBillOff);
define("rate", askRate, ["F7", "Alt+r"]);
