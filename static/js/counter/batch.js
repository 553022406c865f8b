// Another batch of the line at hand, and lines taken anew from the server when prices or the price list changed.
import { ask, isAnswer } from "./ask.js";
import * as bill from "./bill.js";
import { define } from "./keys.js";
import { enqueue } from "./queue.js";
import * as r from "./row.js";
import { closeSide, openSide } from "./side.js";
import { sayFragment, sayWord } from "./words.js";

let asked = null;

function askBatch() {
  const row = bill.selected();
  if (!row) return sayWord("no-line", {}, "warn");
  return enqueue(async () => {
    const answer = await ask("GET", bill.form.dataset.batches, { product: r.text(row, "product"), mrp: r.text(row, "mrp") });
    if (!isAnswer(answer)) return sayWord("no-answer", { text: row.dataset.name }, "bad");
    const found = answer.slot.querySelector("[data-side-label]");
    if (!found) return sayFragment(answer.slot);
    asked = row;
    return openSide([found], { label: found.dataset.sideLabel });
  });
}

function takeBatch(button) {
  const fresh = button.parentElement.querySelector("template").content.querySelector(".line");
  closeSide();
  return enqueue(() => {
    if (!asked?.isConnected) return;
    bill.renew(asked, fresh);
    bill.select(fresh);
    bill.changed();
  });
}

/** All lines as the server sells them now; quantities, rates and discounts stay. Answers false when it could not be asked. */
export async function renewLines() {
  const rows = bill.rows();
  if (!rows.length) return true;
  const { status, slot } = await ask("POST", bill.form.dataset.rows, postedLines());
  const fresh = [...slot.querySelectorAll(":scope > .line")];
  if (status !== 200) return false;
  for (const row of rows) {
    const at = fresh.findIndex((one) => same(one, row));
    if (at >= 0) bill.renew(row, fresh.splice(at, 1)[0]);
  }
  bill.changed();
  return true;
}

const same = (one, other) => ["product", "mrp", "lot"].every((name) => r.text(one, name) === r.text(other, name));

/** The lines as the form would post them; a line still to be weighed goes as one. */
function postedLines() {
  const fields = new FormData(bill.form);
  const values = {};
  for (const name of fields.keys()) {
    if (name.startsWith("line-")) values[name] = fields.getAll(name).map((value) => (name === "line-quantity" && !value ? "1" : value));
  }
  return { ...values, list: bill.form.elements.list.value };
}

define("batch", askBatch, ["Alt+b"]);
define("take-batch", takeBatch);
