// The list of names under the entry box.
import { ask } from "./ask.js";
import { form } from "./bill.js";
import { read } from "./grammar.js";

const box = document.getElementById("entry");
const place = document.getElementById("found");
const AT_ONCE = 2; // questions on their way: nobody waits for a pause in typing, and fast typing makes few requests
let asking = 0;
let latest = "";

const search = (text) => ask("GET", form.dataset.searchUrl, { q: text });
const asked = (list) => list?.dataset.asked;
const list = () => place.querySelector("[data-asked]");
export const isOpen = () => !place.hidden;
export const marked = () => place.querySelector("[aria-selected=true]");

/** The box's text changed: names ask, everything else closes the list. */
export function typed() {
  const text = name();
  if (!text) return closeFound();
  if (asking < AT_ONCE) askFor(text);
}

/** The name that stands in the box, long enough to be looked up. */
function name() {
  const command = read(box.value);
  return command.kind === "name" && command.text.length > 1 ? command.text : "";
}

/** Asks, and then for what was typed meanwhile. */
async function askFor(text) {
  asking += 1;
  latest = text;
  await show(text);
  asking -= 1;
  const now = name();
  if (now && now !== latest && asking < AT_ONCE) askFor(now);
}

async function show(text) {
  const { status, slot } = await search(text);
  if (status !== 200 || name() !== text) return;
  place.replaceChildren(...slot.childNodes);
  place.hidden = !place.querySelector("[data-product]");
  box.setAttribute("aria-expanded", String(!place.hidden));
  mark(marked());
}

export function closeFound() {
  place.hidden = true;
  place.replaceChildren();
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

export function mark(option) {
  if (!option) return;
  marked()?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", option.id);
}

export function moveMark(by) {
  const options = [...place.querySelectorAll("[data-product]")];
  const next = options.indexOf(marked()) + by;
  mark(options[(next + options.length) % options.length]);
}

/** → the product's id; null when nothing is called so, undefined when no answer came. */
export function productNamed(text) {
  if (isOpen() && asked(list()) === text.trim().slice(0, 40)) return Promise.resolve(marked()?.dataset.product ?? null);
  return search(text).then(({ status, slot }) => (status === 200 ? slot.querySelector("[data-product]")?.dataset.product ?? null : undefined));
}
