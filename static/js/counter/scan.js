// What the entry box does with a text: each act takes its turn in the queue; a scan's request starts at once and is used in its turn.
import { askAdd } from "./add_product.js";
import { ask, isAnswer } from "./ask.js";
import * as bill from "./bill.js";
import { calculate } from "./calculator.js";
import { findCustomer } from "./customer.js";
import { closeFound, productNamed } from "./find.js";
import { read } from "./grammar.js";
import { lookUpBill, lookUpText } from "./lookup.js";
import { milli, quantity } from "./money.js";
import { showBill } from "./pay.js";
import { enqueue, hold } from "./queue.js";
import { hush, say, sayFragment, sayWord } from "./words.js";

const ONE = 1000n;
const TWICE = 60; // ms: no hand scanner fires again so soon; the same code within it is one scan heard twice
const TRIES = [0, 300, 900]; // ms to wait before each try
const asking = document.getElementById("asking");
const times = document.getElementById("times");
let pending = null;
let heard = { text: "", at: -Infinity };

/** Act on a text, whether typed, scanned or pasted. `pressed`: a tile says which goods, so its number is never a weight. */
export function submit(text, { pressed = false } = {}) {
  const command = read(text);
  closeFound();
  if (command.kind === "code" && echoes(text)) return;
  const act = ACTS[command.kind];
  if (act) act({ ...command, pressed });
}

function echoes(text) {
  const at = performance.now();
  const echo = heard.text === text && at - heard.at < TWICE;
  heard = { text, at };
  return echo;
}

const ACTS = {
  step: ({ by }) => onLine((row) => bill.setQuantity(row, bill.quantityOf(row) + BigInt(by) * ONE)),
  quantity: (command) => onLine((row) => bill.setQuantity(row, command.quantity)),
  times: (command) => enqueue(() => setTimes(command.times)),
  phone: ({ phone }) => enqueue(() => findCustomer(phone)),
  unread: ({ text }) => enqueue(() => sayWord("unread", { text }, "bad")),
  sum: ({ text }) => enqueue(() => showSum(text)),
  bill: ({ number }) => enqueue(() => lookUpBill(number)),
  link: ({ text }) => enqueue(() => lookUpText(text)),
  card: ({ text }) => enqueue(() => lookUpText(text)),
  number: ({ text }) => enqueue(() => weight(text) ?? sayWord("unread", { text }, "bad")),
  code: scan,
  name: byName,
};

function onLine(act) {
  return enqueue(() => {
    const row = bill.selected();
    return row ? hold(act(row)) : sayWord("no-line", {}, "warn");
  });
}

function showSum(text) {
  const result = calculate(text);
  return result === null ? sayWord("bad-sum", { text }, "bad") : sayWord("sum", { sum: text.trim(), result }, "info");
}

/** A short number is the weight that was asked for, in the cell or typed ahead in the box; undefined when none was. */
function weight(text) {
  const row = bill.weighing();
  if (!row || text.length > 9) return undefined;
  return hold(bill.setQuantity(row, milli(text))) ?? true;
}

// --- a code --------------------------------------------------------------------------------------------------
function scan({ code, times: given = null, worth = null, pressed = false }) {
  const early = bill.rowOfCode(code) && worth === null ? null : line({ code });
  enqueue(async () => {
    if (worth !== null) return place(await early, null, code, worth);
    const weighed = !pressed && given === null && code.length <= 5 && weight(code);
    if (weighed) return weighed;
    const count = given ?? takeTimes();
    const row = bill.rowOfCode(code);
    const again = row && repeat(row, count);
    if (again) return again.question;
    return place(await (early ?? line({ code })), count, code);
  });
}

/** A code whose line stands on the bill needs no asking; goods to be weighed do, unless one is waiting for its weight. */
function repeat(row, count) {
  if (count === null && "loose" in row.dataset) {
    const waits = bill.awaiting();
    if (waits?.dataset.code !== row.dataset.code) return null;
    bill.weigh(waits);
    return {};
  }
  return { question: accepted(row, bill.addTo(row, count ?? ONE)) };
}

/** The row of some goods: { code } or { product, mrp?, lot? }; asked again when no answer comes. */
export async function line(values) {
  const list = bill.form.elements.list.value;
  const asked = { ...values, ...(list && { list }), ...("costs" in bill.form.dataset && { cost: 1 }) };
  let answer;
  for (const wait of TRIES) {
    if (wait) await new Promise((go) => setTimeout(go, wait));
    answer = await ask("GET", bill.form.dataset.line, asked);
    if (isAnswer(answer)) break;
  }
  return answer;
}

/** The server's answer onto the bill: `count` thousandths of it, or `worth` paise of it. */
function place(answer, count, text, worth = null) {
  if (!isAnswer(answer)) return sayWord("no-answer", { text }, "bad");
  const row = answer.slot.querySelector(":scope > .line");
  if (row) return accepted(row, put(row, count, worth));
  const chooser = answer.slot.querySelector(":scope > .chooser");
  if (chooser) return choose(chooser, count, worth, text);
  const unknown = answer.slot.querySelector("[data-ask-add]")?.dataset.askAdd;
  return unknown ? addProduct(unknown, answer.slot, count, worth) : sayFragment(answer.slot);
}

/** A code that is not in the list: whoever may makes its product here and now, and the line goes onto the bill. */
async function addProduct(code, said, count, worth) {
  const made = await askAdd(code, said, submit, () => line({ code }));
  return made && place(made, count, code, worth);
}

const put = (row, count, worth) => (worth === null ? bill.add(row, count) : bill.addWorth(row, worth));

function accepted(row, question) {
  showBill();
  bill.showLast(row);
  return hold(question);
}

// --- two MRPs ------------------------------------------------------------------------------------------------
/** Which of them? Enter takes the marked one, a digit takes its own at once. */
function choose(chooser, count, worth, text) {
  asking.replaceChildren(chooser);
  chooser.scrollIntoView({ block: "nearest" });
  if (chooser.dataset.say) say(chooser.dataset.say, "warn", "double");
  else sayWord("which", {}, "warn");
  const options = [...chooser.querySelectorAll("[data-choice]")];
  let question;
  const pick = (option) => {
    asking.replaceChildren();
    hush();
    const row = option.querySelector("template").content.querySelector(".line");
    showBill();
    question = put(row, count, worth);
    bill.showLast(row);
  };
  const marked = () => chooser.querySelector("[aria-selected=true]") ?? options[0];
  return hold({
    yes: (option) => pick(option ?? marked()),
    no: () => { asking.replaceChildren(); sayWord("skipped", {}, "info"); },
    options,
    again: () => { submit(text); },
  }).then(() => hold(question));
}

// --- a name --------------------------------------------------------------------------------------------------
/** The marked entry of the list that stands open for this very text, else the best the server knows. */
function byName({ text, times: given = null, worth = null }) {
  const found = productNamed(text);
  enqueue(async () => {
    const product = await found;
    if (!product) return sayWord(product === null ? "nothing-found" : "no-answer", { text }, "bad");
    return place(await line({ product }), worth === null ? given ?? takeTimes() : null, text, worth);
  });
}

/** A product picked from the list by hand. */
export function pickProduct(product) {
  closeFound();
  const early = line({ product });
  enqueue(async () => place(await early, takeTimes(), ""));
}

// --- 3* ------------------------------------------------------------------------------------------------------
function setTimes(count) {
  pending = count;
  times.textContent = `${quantity(count)} ×`;
  times.hidden = false;
  sayWord("times", { quantity: quantity(count) }, "info");
}

function takeTimes() {
  const count = pending;
  dropTimes();
  return count;
}

bill.form.addEventListener("bill:opened", dropTimes);

/** True when a "3*" was waiting for its scan. */
export function dropTimes() {
  const was = pending !== null;
  pending = null;
  times.hidden = true;
  return was;
}

/** A quantity cell was changed by hand. */
export function quantityTyped(row, wanted) {
  return enqueue(() => (row.isConnected ? hold(bill.setQuantity(row, wanted)) : undefined));
}
