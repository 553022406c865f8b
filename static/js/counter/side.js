// A section over the right column (the whole screen of a phone) for what is asked besides the bill. It stands outside the bill's form,
// so that what is put into it may hold forms of its own. Escape closes it; a [data-key="1"] in it is clicked by that key.
const side = document.getElementById("side");
const title = side.querySelector("[data-side-title]");
const body = side.querySelector("[data-side-body]");
let closed = null;

export const isSideOpen = () => !side.hidden;
export const inSide = (element) => side.contains(element);

/** Shows `nodes`; what was open before is closed first. onClose runs once, however it is closed. */
export function openSide(nodes, { label = "", onClose = null } = {}) {
  closeSide();
  title.textContent = label;
  body.replaceChildren(...nodes);
  htmx.process(body);
  side.hidden = false;
  document.body.dataset.side = "";
  closed = onClose;
  (body.querySelector("[autofocus]") ?? body.querySelector("input:not([type=hidden]), select, textarea, button"))?.focus();
}

export function closeSide() {
  if (side.hidden) return false;
  const told = closed;
  closed = null;
  side.hidden = true;
  delete document.body.dataset.side;
  body.replaceChildren();
  told?.();
  document.getElementById("entry").focus({ preventScroll: true });
  return true;
}

/** Up and down walk the section's choices. */
export function moveInSide(by) {
  const choices = [...body.querySelectorAll("[data-pick], [data-key]")].filter((one) => !one.hidden && !one.disabled);
  if (!choices.length) return;
  const next = choices.indexOf(document.activeElement) + by;
  choices[(next + choices.length) % choices.length].focus();
}

/** True when a key is one of the section's own and was used. */
export function keyInSide(key) {
  const hit = body.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  hit?.click();
  return Boolean(hit);
}

side.querySelector("[data-side-close]").addEventListener("click", closeSide);
