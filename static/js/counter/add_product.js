// A code that is not in the list: the product is made beside the bill, while scans that come meanwhile wait.
import { ask } from "./ask.js";
import { form } from "./bill.js";
import { looksScanned } from "./grammar.js";
import { define } from "./keys.js";
import { hold, open } from "./queue.js";
import { closeSide, isSideOpen, openSide } from "./side.js";
import { hush, sayFragment, sayWord, word } from "./words.js";

const url = () => form.dataset.addProduct; // only for who may change goods
const made = new Set();

/** Asks once; answers { status, slot } with the new product's row, undefined when nothing was made. `again` asks for a code's row anew. */
export async function askAdd(code, said, submit, again) {
  if (made.has(code)) return again(); // scanned twice before it was made
  const mayAdd = Boolean(url());
  said.querySelector(mayAdd ? "[data-may-add]" : "[data-may-not-add]")?.removeAttribute("hidden");
  sayFragment(said);
  let wanted = false;
  await hold({ yes: () => { wanted = mayAdd; }, no: () => {} });
  if (wanted) return fill(code, submit);
  sayWord("skipped", {}, "info");
  return undefined;
}

/** The form beside the bill, until it is saved or left. */
async function fill(code, submit) {
  const { status, slot } = await ask("GET", url(), { code });
  if (status !== 200) return void sayWord(status === 403 ? "may-not-add" : "no-answer", { text: code }, "bad");
  let row;
  hush();
  openSide([...slot.childNodes], { label: word("add-item"), onClose: () => open()?.no() });
  dress(document.querySelector("[data-add-form]"), submit, (answer) => {
    if (answer.slot.querySelector(".line")?.dataset.code === code) made.add(code);
    row = answer;
    closeSide();
  });
  while (isSideOpen()) await hold({ yes: () => {}, no: closeSide });
  if (!row) sayWord("skipped", {}, "info");
  return row;
}

define("add-skip", closeSide);
define("answer-yes", () => open()?.yes());
define("answer-no", () => open()?.no());

// --- the form ------------------------------------------------------------------------------------------------
function dress(posted, submit, saved) {
  posted.addEventListener("submit", (event) => {
    event.preventDefault();
    send(posted, submit, saved);
  });
  posted.addEventListener("keydown", (event) => event.key === "Enter" && enter(event, posted, submit));
  posted.addEventListener("input", (event) => suggest(event.target, posted));
  posted.addEventListener("htmx:afterSettle", () => posted.querySelector(".gst-choice")?.scrollIntoView({ block: "nearest" }));
}

async function send(posted, submit, saved) {
  if ("sent" in posted.dataset) return;
  posted.dataset.sent = "";
  const answer = await ask("POST", url(), Object.fromEntries(new FormData(posted)));
  delete posted.dataset.sent;
  if (!posted.isConnected) return; // left meanwhile: what was saved is found by its code from now on
  if (answer.status === 200) saved(answer);
  else if (answer.status === 422) showErrors(posted, answer.slot, submit, saved);
  else sayWord(answer.status === 403 ? "may-not-add" : "not-saved", {}, "bad");
}

function showErrors(posted, slot, submit, saved) {
  const again = slot.querySelector("[data-add-form]");
  posted.replaceWith(again);
  htmx.process(again);
  dress(again, submit, saved);
  (again.querySelector("[data-bad] :is(.input, .select)") ?? again.elements.hsn).focus();
}

/** Enter goes to the next box that still wants something, and saves when none does; a scan that lands in a box is a scan. */
function enter(event, posted, submit) {
  const field = event.target;
  if (!field.matches("input:not([type=checkbox], [type=radio])")) return;
  event.preventDefault();
  event.stopPropagation();
  const scanned = scannedInto(field);
  if (scanned) return submit(scanned);
  const all = [...posted.querySelectorAll("[data-next], [data-takes-scan]")];
  const next = all.slice(all.indexOf(field) + 1).find((other) => "next" in other.dataset && !other.value.trim());
  if (next) next.focus();
  else posted.requestSubmit();
}

/** The code that a scanner typed behind what stood in the box; the box gets back what was there. */
function scannedInto(field) {
  if ("takesScan" in field.dataset) return "";
  const text = field.value;
  const figures = /^[\d.,]*$/.test(text);
  for (const length of figures ? [13, 12, 8] : [13, 12]) {
    const code = text.slice(-length);
    if (new RegExp(`^\\d{${length}}$`).test(code) && hasCheckDigit(code)) {
      return put(field, text.slice(0, -length)) ?? code;
    }
  }
  if (!looksScanned(text)) return "";
  return put(field, "") ?? text;
}

/** The box holds `text` again, and all that follows it knows. */
function put(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function hasCheckDigit(code) {
  const sum = [...code].reverse().reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

/** The MRP is the price until another is typed; what is weighed is sold by the kilogram. */
function suggest(field, posted) {
  const { mrp, price, loose, unit } = posted.elements;
  if (field === mrp && (!price.value || price.value === mrp.dataset.before)) price.value = mrp.value;
  if (field === mrp) mrp.dataset.before = mrp.value;
  if (field === loose && loose.checked && unit.value === "pc") unit.value = "kg";
}
