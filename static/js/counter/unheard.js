// While a page prints, Chromium puts what is typed into the box but runs no listener: a scan that comes just then stands in the box and
// its Enter is lost. When the paper is done, such a scan is taken as if its Enter had been heard.
import { isGtin, looksScanned } from "./grammar.js";

const QUIET = 60; // ms: the rest of a scan, and an Enter that is heard after all, come within that
const entry = document.getElementById("entry");
let before = "";

/** A whole code that stands there without its Enter; a phone number that somebody is just typing is not that. */
const isScan = (text) => isGtin(text) || (!before && looksScanned(text));

document.addEventListener("paper:printing", () => { before = entry.value; });

/** `take()` acts on what stands in the box. */
export function afterPrint(take) {
  document.addEventListener("paper:printed", () => {
    const text = entry.value;
    if (isScan(text)) setTimeout(() => entry.value === text && take(), QUIET);
  });
}
