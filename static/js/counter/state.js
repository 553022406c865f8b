// What a bill is: its rows, the fields of the form marked [data-kept], and what is typed for its payment. One function reads it, one
// writes it, and what lies between two states is a step that can be undone.
import { form, refresh, rows, select, selected } from "./bill.js";

const lines = document.getElementById("lines");
const LINE_FIELDS = lines.dataset.fields.split(" ");

// --- reading ---------------------------------------------------------------------------------------------------
const isField = (element) => element.matches("input, select, textarea");
const nameOf = (element) => element.id || element.name;
const plainly = Object.fromEntries([...form.querySelectorAll("[data-kept]")].filter(isField).map((one) => [nameOf(one), read(one)]));
const keptOnes = () => [...form.querySelectorAll("[data-kept]")];
const typedOnes = () => [...form.querySelectorAll("#panel :is(input, select)[name]:not([type=hidden])")];

function read(element) {
  if (!isField(element)) return element.innerHTML.trim();
  return element.type === "checkbox" ? String(element.checked) : element.value;
}

/** A row's HTML is its state; which row is selected is not. */
function htmlOf(row) {
  if (!row.classList.contains("sel")) return row.outerHTML;
  const copy = row.cloneNode(true);
  copy.classList.remove("sel");
  copy.removeAttribute("aria-selected");
  return copy.outerHTML;
}

/** → { rows: [HTML], sel: place of the selected row, fields: { name: value } } */
export function snapshot() {
  return { rows: rows().map(htmlOf), sel: selectedAt(), fields: Object.fromEntries(keptOnes().map((one) => [nameOf(one), read(one)])) };
}

export const selectedAt = () => rows().indexOf(selected());

/** What is typed in the payment panel: kept, but no step of the bill's history. */
export const typed = () => Object.fromEntries(typedOnes().filter((one) => one.value).map((one) => [one.name, one.value]));

export const isBlank = () => !rows().length && keptOnes().every((one) => read(one) === defaultOf(one));

// --- writing ---------------------------------------------------------------------------------------------------
/** Makes the bill in the page `state`; rows that are the same stay as they are. */
export function restore(state, typedBefore = {}) {
  const now = rows();
  const { at, gone, fresh } = difference(now.map(htmlOf), state.rows);
  for (const row of now.slice(at, at + gone)) row.remove();
  const place = lines.children[at] ?? null;
  for (const row of elements(fresh)) lines.insertBefore(complete(row), place);
  for (const one of keptOnes()) write(one, state.fields[nameOf(one)] ?? defaultOf(one));
  for (const one of typedOnes()) one.value = typedBefore[one.name] ?? "";
  const sel = rows()[state.sel];
  if (sel) select(sel);
  refresh();
}

export const nothing = () => ({ rows: [], sel: -1, fields: {} });
const defaultOf = (element) => plainly[nameOf(element)] ?? "";

function write(element, value) {
  if (isField(element)) {
    if (element.type === "checkbox") element.checked = value === "true";
    else element.value = value;
  } else if (element.innerHTML.trim() !== value) {
    element.innerHTML = value; // from this device's own storage, which no other site can write
    element.hidden = !value;
  }
}

export function elements(html) {
  const box = document.createElement("tbody");
  box.innerHTML = html.join("");
  return [...box.querySelectorAll(":scope > .line")];
}

/** A row kept by an older release may lack a field; the lists the form posts must stay parallel. */
function complete(row) {
  for (const name of LINE_FIELDS) {
    if (row.querySelector(`[name="line-${name}"]`)) continue;
    row.querySelector(".item").append(Object.assign(document.createElement("input"), { type: "hidden", name: `line-${name}` }));
  }
  return row;
}

// --- steps -----------------------------------------------------------------------------------------------------
/** The one stretch in which two lists differ: at `at`, `gone` entries of the first make way for `fresh` of the second. */
export function difference(first, second) {
  const most = Math.min(first.length, second.length);
  let at = 0;
  while (at < most && first[at] === second[at]) at += 1;
  let same = 0;
  while (same < most - at && first.at(-1 - same) === second.at(-1 - same)) same += 1;
  return { at, gone: first.length - at - same, fresh: second.slice(at, second.length - same) };
}

/** What leads from `to` back to `from`; null when nothing but the selection differs. */
export function stepBack(from, to) {
  const step = { ...difference(to.rows, from.rows), sel: from.sel, fields: {} };
  for (const name of new Set([...Object.keys(from.fields), ...Object.keys(to.fields)])) {
    if (from.fields[name] !== to.fields[name]) step.fields[name] = from.fields[name] ?? "";
  }
  return step.gone || step.fresh.length || Object.keys(step.fields).length ? step : null;
}

export function taken(step, state) {
  const rows = [...state.rows.slice(0, step.at), ...step.fresh, ...state.rows.slice(step.at + step.gone)];
  return { rows, sel: step.sel, fields: { ...state.fields, ...step.fields } };
}
