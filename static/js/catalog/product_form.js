// The product form while it is filled in: what stays of the price, codes that are scanned one after another.
// The server computes and checks everything again; here it only shows sooner.
const form = document.querySelector("[data-product-form]");
const box = (name) => form.elements[name];

// --- money, in whole ten-thousandths of a rupee so that no fraction is lost -----------------------------------
const SCALE = 10000n;

function amount(text) {
  const digits = text.trim().replaceAll(",", "");
  const match = /^(\d{1,9})?(?:\.(\d{0,4}))?$/.exec(digits);
  if (!match || digits === "" || digits === ".") return null;
  return BigInt(match[1] ?? 0) * SCALE + BigInt((match[2] ?? "").padEnd(4, "0"));
}

function rupees(units) {
  const paise = (units + 50n) / 100n;
  return `${(paise / 100n).toLocaleString("en-IN")}.${String(paise % 100n).padStart(2, "0")}`;
}

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);

function tellMargin() {
  const line = form.querySelector("[data-margin]");
  const [mrp, price, cost] = ["mrp", "price", "cost"].map((name) => amount(box(name).value));
  const say = (state, ...sentences) => {
    line.dataset.state = state;
    line.textContent = sentences.filter(Boolean).join(" ");
  };
  if (price && mrp && price > mrp) return say("bad", fill(line.dataset.aboveMrp, { over: rupees(price - mrp) }));
  if (price && cost && cost > price) return say("bad", fill(line.dataset.costAbove, { over: rupees(cost - price) }));
  const saving = price && mrp && mrp > price ? fill(line.dataset.under, { saving: rupees(mrp - price) }) : "";
  if (!price || !cost) return say("", saving || line.dataset.none);
  const tenths = ((price - cost) * 1000n + price / 2n) / price;
  const unit = box("unit").selectedOptions[0].textContent;
  say("good", fill(line.dataset.stays, { gain: rupees(price - cost), unit, percent: `${tenths / 10n}.${tenths % 10n}` }), saving);
}

// --- barcodes ------------------------------------------------------------------------------------------------
const codes = form.querySelector("[data-codes]");
const rows = () => [...codes.querySelectorAll("[data-row]")];
const codeOf = (row) => row.querySelector("[name=code]");

function addRow() {
  const row = codes.querySelector("[data-code-row]").content.firstElementChild.cloneNode(true);
  rows().at(-1).after(row);
  dress();
  return row;
}

function dress() {
  rows().forEach((row) => {
    row.querySelector("[data-drop-code]").hidden = false;
  });
}

function tellTwice(row) {
  const typed = codeOf(row).value.trim().toUpperCase();
  const twice = typed !== "" && rows().some((other) => other !== row && codeOf(other).value.trim().toUpperCase() === typed);
  const line = row.querySelector("[data-code-error]");
  line.hidden = !twice;
  line.textContent = twice ? codes.dataset.twice : "";
  row.toggleAttribute("data-bad", twice);
  return twice;
}

// A scanner ends with Enter: it means "next code" here, never "save".
codes.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  const row = event.target.closest("[data-row]");
  if (codeOf(row).value.trim() === "") return;
  if (tellTwice(row)) return codeOf(row).select();
  const all = rows();
  codeOf(all[all.indexOf(row) + 1] ?? addRow()).focus();
});

codes.addEventListener("change", (event) => {
  if (event.target.name === "code") tellTwice(event.target.closest("[data-row]"));
});

codes.addEventListener("click", (event) => {
  if (event.target.closest("[data-more-codes]")) {
    event.preventDefault();
    codeOf(addRow()).focus();
  }
  const drop = event.target.closest("[data-drop-code]");
  if (!drop) return;
  const row = drop.closest("[data-row]");
  if (rows().length === 1) {
    codeOf(row).value = "";
    tellTwice(row);
  } else row.remove();
  codeOf(rows().at(-1)).focus();
});

// A scanner pointed at another box also ends with Enter: only the buttons save.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])") && !event.ctrlKey) event.preventDefault();
});

form.addEventListener("input", (event) => {
  if (["mrp", "price", "cost", "unit"].includes(event.target.name)) tellMargin();
});

dress();
tellMargin();
form.querySelector("[data-bad] :is(input, select)")?.focus();
