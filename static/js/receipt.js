// A receipt's page: gives the roll its length, prints when asked to, and writes down the counter's first print.
const paper = document.getElementById("paper");
const MM = 96 / 25.4;

// CSS cannot say "as long as the bill": the page rule is added when the bill has its height.
function fitRoll() {
  paper.classList.add("measured"); // with the mark that only paper shows
  const box = paper.getBoundingClientRect();
  paper.classList.remove("measured");
  const sheet = document.styleSheets[0];
  sheet.insertRule(`@page { size: ${Math.round(box.width / MM)}mm ${Math.ceil(box.height / MM) + 1}mm; margin: 0 }`, sheet.cssRules.length);
}

// The counter prints this page from a frame; that print is the original, and is written down once.
const first = document.getElementById("first-print");
if (first) {
  addEventListener("beforeprint", () => fetch(first.action, { method: "POST", body: new FormData(first), keepalive: true }), { once: true });
}

// The counter hears nothing while this prints (counter/unheard.js).
function printInFrame() {
  const tell = (name) => parent.document.dispatchEvent(new CustomEvent(name));
  tell("paper:printing");
  print();
  tell("paper:printed");
}

document.querySelector("[data-print]")?.addEventListener("click", () => print());

await document.fonts.ready;
fitRoll();
document.documentElement.dataset.ready = "";
if ("printNow" in document.body.dataset) parent === self ? print() : printInFrame();
