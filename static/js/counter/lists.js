// The bill's price list: the customer's own, or one chosen by hand. Changing it takes all lines anew; refused prices do too.
import { renewLines } from "./batch.js";
import { changed, form } from "./bill.js";
import { define } from "./keys.js";
import { enqueue } from "./queue.js";
import { closeSide, openSide } from "./side.js";
import { sayWord } from "./words.js";

const lists = document.getElementById("price-lists");
const STALE = new Set(["price_changed", "total_changed", "mrp_gone"]);

function askList() {
  return openSide([lists.content.cloneNode(true)], { label: lists.dataset.label });
}

/** Puts the bill on a list (its id, or "" for everybody's prices). */
export async function useList(id) {
  if (form.elements.list.value === id) return;
  form.elements.list.value = id;
  form.elements.list.setAttribute("value", id);
  if (await renewLines()) changed();
  else sayWord("no-answer", { text: form.dataset.listWord }, "bad");
}

define("list", askList, ["Alt+p"]);
define("take-list", (button) => {
  closeSide();
  return enqueue(() => useList(button.dataset.list));
});

document.addEventListener("customer:changed", ({ detail }) => useList(detail.list));

// The server's reason stays in the message line; the lines are as it sells them now.
document.addEventListener("bill:refused", ({ detail }) => {
  if (STALE.has(detail.code)) enqueue(renewLines);
});
