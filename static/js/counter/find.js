// The list of names under the entry box.
import { ask } from "./ask.js";
import { form } from "./bill.js";
import { read } from "./grammar.js";

const box = document.getElementById("entry");
const place = document.getElementById("found");
const PAUSE = 60; // ms of quiet before asking, so that each letter of a word is not a request
let timer;

const search = (text) => ask("GET", form.dataset.searchUrl, { q: text });
const asked = (list) => list?.dataset.asked;
const list = () => place.querySelector("[data-asked]");
export const isOpen = () => !place.hidden;
export const marked = () => place.querySelector("[aria-selected=true]");

/** The box's text changed: names ask, everything else closes the list. */
export function typed() {
  clearTimeout(timer);
  const command = read(box.value);
  if (command.kind !== "name" || command.text.length < 2) return closeFound();
  timer = setTimeout(() => show(command.text), PAUSE);
}

async function show(text) {
  const { status, slot } = await ask("GET", form.dataset.searchUrl, { q: text });
  const now = read(box.value);
  if (status !== 200 || now.kind !== "name" || now.text !== text) return;
  place.replaceChildren(...slot.childNodes);
  place.hidden = !place.querySelector("[data-product]");
  box.setAttribute("aria-expanded", String(!place.hidden));
  mark(marked());
}

export function closeFound() {
  clearTimeout(timer);
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
