// The counter's acts by name and the keys that run them. Each module defines its own acts; main.js hears the keys and the clicks.
const acts = new Map();
const keys = new Map();
const editing = new Set();

/**
 * `act` runs for a button with data-act="name" (it gets the button) and for each of `its` keys: "F3", "Alt+h", "Ctrl+Enter", "Ctrl+Shift+z".
 * `edits`: in a field with text of its own the keys edit that text, as everywhere (Ctrl+Z).
 */
export function define(name, act, its = [], { edits = false } = {}) {
  acts.set(name, act);
  for (const key of its) keys.set(key, name);
  if (edits) editing.add(name);
}

export const isKnown = (name) => acts.has(name);
export const run = (name, ...given) => acts.get(name)?.(...given);

/** The name of the act a key press stands for, or undefined. */
export function actOf(event) {
  const name = keys.get(nameOf(event));
  return editing.has(name) && hasText(event.target) ? undefined : name;
}

/** A quantity cell that shows what its line holds has no text of its own. */
const hasText = (field) => Boolean(field.matches?.("input, textarea") && field.value && !(field.matches(".qty") && field.value === field.getAttribute("value")));

/** With Ctrl or Alt a letter counts by its place on the keyboard, so that a Hindi layout changes nothing. */
export function nameOf(event) {
  const held = event.ctrlKey || event.metaKey || event.altKey;
  const key = held && event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  const marks = [(event.ctrlKey || event.metaKey) && "Ctrl+", event.altKey && "Alt+", held && event.shiftKey && "Shift+"];
  return marks.filter(Boolean).join("") + key;
}
