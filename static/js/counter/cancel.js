// Cancelling the bill at hand: the same key twice, and a reason when it has three lines or more. It goes into the till's log.
import { rows } from "./bill.js";
import * as desk from "./desk.js";
import { define, nameOf } from "./keys.js";
import { paise, rupees } from "./money.js";
import { pickFrom } from "./pick.js";
import { enqueue } from "./queue.js";
import { isBlank } from "./state.js";
import { sayWord, word } from "./words.js";

const KEY = "Ctrl+Backspace";
const MANY = 3; // lines from which on a reason is asked
const MOST_NAMED = 40;
const REASONS = ["left", "money", "wrong", "twice", "trial"];
let armed = "";

/** The very bill, as it is now: what is added between the two presses disarms. */
const mark = ({ key, rev }) => `${key} ${rev}`;

function cancel() {
  const bill = desk.atHand();
  if (isBlank()) return sayWord("none-to-cancel", {}, "info");
  if (bill.sent) return sayWord("sent", {}, "warn");
  if (armed !== mark(bill)) {
    armed = mark(bill);
    return sayWord("cancel-sure", { count: rows().length, total: rupees(paise(bill.total)) }, "warn");
  }
  armed = "";
  return rows().length < MANY ? voided("") : askWhy(bill);
}

async function askWhy(bill) {
  const options = REASONS.map((name, place) => ({ value: word(`why-${name}`), number: place + 1, name: word(`why-${name}`) }));
  const why = pickFrom(options, { label: word("why-cancel"), hint: word("why-hint"), own: true });
  why.then((reason) => reason && enqueue(() => (mark(desk.atHand()) === mark(bill) ? voided(reason) : sayWord("not-cancelled", {}, "warn"))));
}

async function voided(reason) {
  const bill = desk.atHand();
  const lines = rows().slice(0, MOST_NAMED).map(desk.lineOf);
  desk.note("bill_voided", { request_key: bill.key, amount: bill.total, details: { reason, count: bill.count, lines } });
  await desk.startNew();
  sayWord("cancelled", { count: bill.count, total: rupees(paise(bill.total)) }, "info");
}

define("cancel-bill", () => enqueue(cancel), [KEY], { edits: true });

document.addEventListener("keydown", (event) => {
  if (nameOf(event) !== KEY && event.key !== "Control") armed = "";
}, true);
