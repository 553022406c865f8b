// The weight pad: a loose thing's weight, or for how many rupees of it, by the thumb. It stands under the lines, never over the amount to
// pay; scanner and keyboard go on as before. On a phone it comes by itself, on a laptop by the mark on the line.
import * as bill from "./bill.js";
import { define } from "./keys.js";
import { gross, milli, paise, rupees } from "./money.js";
import { enqueue, hold } from "./queue.js";
import * as r from "./row.js";
import { quantityTyped } from "./scan.js";
import { sayWord, word } from "./words.js";

const WEIGHTS = ["0.25", "0.5", "0.75", "1", "2", "5"];
const SMALL = ["100", "250", "500", "750", "1000", "2000"]; // where the unit itself is grams or millilitres
const PIECES = ["1", "2", "3", "5", "6", "12"];
const LONGEST = 9;
const pad = document.getElementById("pad");
const shown = pad.querySelector("[data-pad-typed]");
const hand = matchMedia("(pointer: coarse)");
let row = null;
let before = 0n;
let typed = "";

/** What the line holds; its cell may show what is just being typed. */
const held = (line) => milli(r.input(line, "quantity").getAttribute("value") ?? "") ?? 0n;

function weightsOf(line) {
  if (["g", "ml"].includes(line.dataset.unit)) return SMALL;
  return Number(line.dataset.decimals) > 0 ? WEIGHTS : PIECES;
}

/** Opens under the lines for `line`, which is selected. */
export function openPad(line) {
  row = line;
  before = held(row);
  bill.select(row);
  const { name, unit } = row.dataset;
  pad.querySelector("[data-pad-name]").textContent = name;
  pad.querySelector("[data-pad-rate]").textContent = word("pad-rate", { rate: rupees(r.priceOf(row)), unit });
  const weights = weightsOf(row);
  pad.querySelectorAll("[data-act=pad-weight]").forEach((key, place) => {
    key.dataset.weight = weights[place];
    key.querySelector("b").textContent = weights[place];
    key.querySelector("small").textContent = unit;
  });
  write("");
  pad.hidden = false;
  document.body.dataset.pad = "";
  row.scrollIntoView({ block: "nearest" });
}

function closePad() {
  if (pad.hidden) return;
  if (row.isConnected) bill.show(row);
  row = null;
  pad.hidden = true;
  delete document.body.dataset.pad;
}

/** What is typed stands in the line's own cell too, not yet taken. */
function write(text) {
  typed = text;
  r.input(row, "quantity").value = typed || (r.input(row, "quantity").getAttribute("value") ?? "");
  const weight = milli(typed);
  shown.textContent = weight ? word("pad-worth", { typed, unit: row.dataset.unit, amount: rupees(gross(weight, r.priceOf(row))) }) : typed;
}

function take(text) {
  const weight = milli(text);
  if (!weight) return sayWord("bad-quantity", { text }, "bad");
  return quantityTyped(row, weight);
}

function sell(button) {
  const line = row;
  return enqueue(() => (line.isConnected ? hold(bill.sellFor(line, paise(button.dataset.amount))) : undefined));
}

define("pad", (button) => {
  const line = button?.closest?.(".line") ?? bill.selected();
  if (line) openPad(line);
});
define("pad-close", closePad);
define("pad-digit", ({ dataset: { digit } }) => {
  if (typed.length < LONGEST && !(digit === "." && typed.includes("."))) write(typed + digit);
});
define("pad-clear", () => write(""));
define("pad-ok", () => take(typed));
define("pad-weight", (button) => take(button.dataset.weight));
define("pad-rupees", sell);

// --- when it comes and goes ---------------------------------------------------------------------------------------
/** Loose goods came onto the bill: on a phone the pad is there at once and the on-screen keyboard stays closed. */
bill.form.addEventListener("line:weigh", (event) => {
  if (!hand.matches) return;
  event.preventDefault();
  openPad(event.detail.row);
});

/** A tap on the weight of loose goods opens the pad in place of the on-screen keyboard. */
document.getElementById("lines").addEventListener("pointerdown", (event) => {
  const cell = event.target.closest(".qty");
  if (!cell || !hand.matches || !("loose" in cell.closest(".line").dataset)) return;
  event.preventDefault();
});
document.getElementById("lines").addEventListener("click", (event) => {
  const line = event.target.closest(".qty")?.closest(".line");
  if (line && hand.matches && "loose" in line.dataset) openPad(line);
});

/** It ends with what it was opened for: the weight is there, the line is gone, or another one is at hand. */
function stay() {
  if (!row) return;
  if (!row.isConnected || held(row) !== before || bill.selected() !== row) closePad();
}

for (const name of ["bill:changed", "bill:opened"]) bill.form.addEventListener(name, stay);
for (const name of ["click", "keydown"]) document.addEventListener(name, () => row && requestAnimationFrame(stay));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePad(); });
