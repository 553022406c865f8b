// What is written in a box marked `data-ticks` ticks its row, so that the button acts on what was just written and nothing else.
document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-ticks]")) target.closest("tr").querySelector(".mark [type=checkbox]").checked = true;
});
