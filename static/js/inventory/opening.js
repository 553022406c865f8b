// Opening stock: a product added brings the cursor to its quantity; Enter goes back to the search for the next one.
const rows = () => document.getElementById("rows");
const finder = () => document.getElementById("find-product");

function showRemove() {
  document.querySelectorAll("[data-remove]").forEach((button) => (button.hidden = false));
}

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  showRemove();
  if (target !== rows()) return;
  finder().value = "";
  const found = document.getElementById("found");
  found.replaceChildren();
  found.className = "";
  rows().lastElementChild?.querySelector("input:not([type=hidden])").select();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-remove]")?.closest("[data-row]");
  if (!row) return;
  row.remove();
  finder().focus();
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-row] input");
  if (event.key !== "Enter" || !box) return;
  event.preventDefault();
  const boxes = [...box.closest("[data-row]").querySelectorAll("input:not([type=hidden])")];
  const empty = boxes.find((other) => other.required && !other.value);
  (empty ?? finder()).focus();
});

showRemove();
