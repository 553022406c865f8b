// The supplier is asked only when a supplier is paid.
const reason = document.getElementById("id_reason");
const parts = document.querySelectorAll("[data-for-reason]");

function show() {
  for (const part of parts) part.hidden = part.dataset.forReason !== reason.value;
}

if (reason) {
  reason.addEventListener("change", show);
  reason.addEventListener("input", show);
  show();
}
