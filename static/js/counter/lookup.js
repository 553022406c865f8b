// Old bills, customers' cards and staff badges: what their codes open.
import { ask, isAnswer } from "./ask.js";
import * as bill from "./bill.js";
import { showCustomerCard } from "./customer.js";
import { define } from "./keys.js";
import { takeOver } from "./lock.js";
import { enqueue } from "./queue.js";
import { askInBox } from "./prompt.js";
import { closeSide, openSide } from "./side.js";
import { sayFragment, sayWord, word } from "./words.js";

/** "#1042": the bill of that number, beside the one at hand. */
export const lookUpBill = (number) => lookUp({ number }, `#${number}`);

/** A scanned bill, customer's card or badge. */
export const lookUpText = (text) => lookUp({ text }, text);

async function lookUp(values, text) {
  const answer = await ask("GET", bill.form.dataset.lookup, { ...values, counter: bill.form.elements.counter.value });
  if (!isAnswer(answer)) return sayWord("no-answer", { text }, "bad");
  const { slot } = answer;
  const badge = slot.querySelector("[data-badge]");
  if (badge) return takeOver(badge.dataset.badge);
  if (slot.querySelector("[name=customer]")) return showCustomerCard(slot);
  const found = slot.querySelector("[data-side-label]");
  return found ? openSide([found], { label: found.dataset.sideLabel }) : sayFragment(slot);
}

/** The goods of an old bill again, at today's prices. */
function copy(button) {
  closeSide();
  return enqueue(async () => {
    const answer = await ask("GET", bill.form.dataset.copyUrl, { number: button.dataset.number });
    if (!isAnswer(answer)) return sayWord("no-answer", { text: button.dataset.number }, "bad");
    const copied = [...answer.slot.querySelectorAll(":scope > .line")];
    for (const row of copied) bill.add(row, null);
    return copied.length ? sayWord("copied", { number: button.dataset.number, count: copied.length }, "good") : sayFragment(answer.slot);
  });
}

/** Which bill comes back, or is to be seen again? */
function askBill() {
  askInBox({ name: "bill", label: word("chip-bill"), hint: word("ask-bill"), take: (text) => enqueue(() => lookUpBill(text.replace(/^#/, ""))) });
}

define("copy-bill", copy);
define("return", askBill, ["Alt+t"]);
