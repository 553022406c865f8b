// Counting a drawer: the sum while one types; Enter goes to the next box, and from the last one on it sends.
const boxes = [...document.querySelectorAll("[data-worth]")];
const total = document.querySelector("[data-count-total]");
const only = document.getElementById("id_amount");
const grouped = new Intl.NumberFormat("en-IN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const pieces = (box) => (/^\d{1,5}$/.test(box.value.trim()) ? Number(box.value.trim()) : 0);

function add() {
  let sum = 0;
  for (const box of boxes) {
    const worth = pieces(box) * Number(box.dataset.worth);
    box.parentElement.querySelector("[data-line]").value = worth ? grouped.format(worth) : "";
    sum += worth;
  }
  const typed = Number(only.value.trim());
  total.value = `₹ ${grouped.format(sum || (only.value.trim() && Number.isFinite(typed) ? typed : 0))}`;
}

document.addEventListener("input", add);
document.addEventListener("keydown", (event) => {
  const at = boxes.indexOf(event.target);
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" || (event.key === "Enter" && at < boxes.length - 1) ? 1 : 0;
  if (!step) return;
  event.preventDefault();
  const next = boxes[at + step];
  next?.focus();
  next?.select();
});
add();
