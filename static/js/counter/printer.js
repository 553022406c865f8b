// Bills to paper. How a bill prints stands beside it in the page, on its [data-paper-of] (_paper.html): through the browser, which
// prints what stands in the hidden frame, or raw, as bytes straight to the printer. Nothing here ever holds up the next bill.
import { connect, send, ways } from "../printer.js";
import { define } from "./keys.js";
import { hush, sayFragment, sayWord } from "./words.js";

const frame = document.getElementById("paper");
const token = document.querySelector("#reprint [name=csrfmiddlewaretoken]");
const entry = document.getElementById("entry");
const till = document.getElementById("printer");
const DRAWER = new Uint8Array([0x1b, 0x70, 0x00, 0x19, 0xfa]); // as orders/printing/escpos.py

/** How the bill in `place` prints, if one stands there. */
export const paperIn = (place) => place.querySelector("[data-paper-of]")?.dataset;

/** Print the bill: its first time on paper (`first`), or again as a numbered duplicate. */
export function printBill(paper, { first = false } = {}) {
  trouble = null;
  if (paper.printer === "raw") return printRaw(paper, first);
  if (first && paper.paper !== "a4") {
    frame.src = `${paper.receipt}?first=${paper.key}&now=1`; // the page prints itself, and writes that down as it does
    return undefined;
  }
  return printFramed(paper, first);
}

/** Writes the print down; → the address of its paper. */
async function recorded(paper, first, then) {
  const fields = new URLSearchParams({ paper: paper.paper, then, ...(first && { first: paper.key }) });
  const headers = { "X-CSRFToken": token.value, "HX-Request": "true" };
  const answer = await fetch(paper.print, { method: "POST", body: fields, headers });
  const address = answer.headers.get("HX-Redirect") ?? "";
  if (!answer.ok || !address.startsWith(paper.bill)) throw new Error(`not written down: ${answer.status}`);
  return address;
}

// --- through the browser ---------------------------------------------------------------------------------------
async function printFramed(paper, first) {
  try {
    const address = await recorded(paper, first, "show");
    frame.addEventListener("load", () => paper.paper === "a4" && printFrame(address), { once: true });
    frame.src = address;
  } catch {
    failed(paper, () => printFramed(paper, first));
  }
}

/** A receipt prints itself; a PDF has to be told. Where the browser keeps PDFs to itself, it opens in a tab and is printed there. */
function printFrame(address) {
  document.dispatchEvent(new CustomEvent("paper:printing"));
  try {
    frame.contentWindow.print();
  } catch {
    open(address, "_blank");
  }
  document.dispatchEvent(new CustomEvent("paper:printed"));
  entry.focus({ preventScroll: true });
}

// --- raw -------------------------------------------------------------------------------------------------------
async function printRaw(paper, first, address = "") {
  let known = address;
  try {
    known ||= await recorded(paper, first, "bin");
    const answer = await fetch(known);
    if (!answer.ok) throw new Error(`no bytes: ${answer.status}`);
    const way = await send(new Uint8Array(await answer.arrayBuffer()), `${paper.paperOf.replaceAll("/", "-")}.bin`);
    if (way === "file") sayWord("printer-file", { number: paper.paperOf }, "info");
  } catch {
    failed(paper, () => printRaw(paper, first, known)); // the print has its number already: another try is the same print
  }
}

/** Open the cash drawer without a bill. → true when the printer took it. */
export async function openDrawer() {
  if (till.dataset.printer !== "raw" || !("drawer" in till.dataset)) return false;
  try {
    return ["usb", "serial", "app"].includes(await send(DRAWER, "drawer.bin"));
  } catch {
    sayWord("drawer-stuck", {}, "warn");
    return false;
  }
}

document.addEventListener("till:drawer", openDrawer); // "no sale": written down by lock.js

// --- when the printer does not answer ----------------------------------------------------------------------------
let trouble = null;

function failed(paper, again) {
  trouble = { paper, again };
  sayFragment(document.getElementById("printer-trouble").content.cloneNode(true));
}

function end(act) {
  const was = trouble;
  trouble = null;
  if (was) hush();
  entry.focus({ preventScroll: true });
  return was && act?.(was);
}

define("print-retry", () => end(({ again }) => again()));
define("print-whatsapp", () => end(({ paper }) => open(paper.whatsapp, "_blank", "noopener")));
define("print-leave", () => end());

const ANSWERS = { KeyP: "print-retry", KeyW: "print-whatsapp", Enter: "print-leave", NumpadEnter: "print-leave" };

// P, W and Enter in the empty box answer; whatever else is typed or scanned goes on as if nothing had been asked.
document.addEventListener("keydown", (event) => {
  if (!trouble || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const idle = event.target === entry ? !entry.value : event.target === document.body;
  const act = idle && document.getElementById("printer-retry") ? ANSWERS[event.code] : null;
  if (!act) {
    if (event.key.length === 1 || event.key === "Escape") trouble = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  document.querySelector(`#say [data-act="${act}"]`)?.click();
}, { capture: true });

// --- connecting ------------------------------------------------------------------------------------------------
async function choose(way) {
  document.querySelector(".till-top .menu[open]")?.removeAttribute("open");
  try {
    await connect(way);
    sayWord("printer-connected", {}, "good");
  } catch {
    sayWord("printer-none", {}, "warn");
  }
}

define("printer-usb", () => choose("usb"));
define("printer-serial", () => choose("serial"));
for (const way of ["usb", "serial"]) {
  const button = document.querySelector(`[data-act="printer-${way}"]`);
  if (button && !ways[way]) button.hidden = true;
}

document.addEventListener("bill:saved", ({ detail }) => {
  const paper = paperIn(document.getElementById("saved"));
  if (paper && "now" in paper && paper.key === detail.key) {
    document.querySelector("#saved [data-paper-of]").removeAttribute("data-now"); // once
    printBill({ ...paper }, { first: true });
  }
});
