// Opening WhatsApp with a reminder counts as reminding: the row writes it down by its own button.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-remind]");
  if (link) link.closest("form").requestSubmit(link.closest("form").querySelector("[data-sent]"));
});
