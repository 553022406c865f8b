// Questions to the server: each is an htmx request for one fragment into a slot of its own, so that several may be on their way at once.
const slots = document.getElementById("slots");
const PATIENCE = 6000;

// The counter says in its own message line what failed; the page's toasts stay quiet.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) slots.addEventListener(name, (event) => event.stopPropagation());

/** → { status, slot }: status 200 or 422 with the fragment in `slot` (a tbody); anything else, or 0, is a failure. */
export async function ask(verb, url, values) {
  const slot = document.createElement("tbody");
  slot.setAttribute("hx-request", JSON.stringify({ timeout: PATIENCE }));
  slots.append(slot);
  let status = 0;
  slot.addEventListener("htmx:afterRequest", (event) => { status = event.detail.xhr?.status ?? 0; });
  try {
    await htmx.ajax(verb, url, { source: slot, target: slot, swap: "innerHTML", values });
  } catch { /* no answer: status says it */ }
  slot.remove();
  return { status, slot };
}

export const isAnswer = ({ status }) => status === 200 || status === 422;
