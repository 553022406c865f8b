// A price that is written ticks its lot, so that Enter marks down what was just priced and nothing else.
document.addEventListener("input", ({ target }) => {
  const row = target.closest?.("#expiring tr");
  if (row && target.name?.startsWith("price-")) row.querySelector("[name=lot]").checked = true;
});
