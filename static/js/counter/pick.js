// A list beside the bill, chosen from by its numbers, by arrows or by letters of a name. Nothing happens before Enter or a tap, so a
// scan that comes meanwhile is a scan.
import { looksScanned } from "./grammar.js";
import { make } from "./make.js";
import { closeSide, openSide } from "./side.js";

/**
 * options: [{ value, number, name, sum, about }]. → the chosen value, or what was typed when `own` words may be given, or null.
 * label: the section's heading; hint: what to type.
 */
export function pickFrom(options, { label, hint, own = false }) {
  let answer = null;
  const choose = (value) => { answer = value; closeSide(); };
  const list = make("div", { class: "picks", role: "group", "aria-label": label }, ...options.map((option) => button(option, choose)));
  const field = make("input", { class: "input", placeholder: hint, "aria-label": hint, autocomplete: "off", autofocus: "", maxlength: own ? 200 : 40 });
  const box = make("div", { class: "picking" }, field, list);
  field.addEventListener("input", () => narrow(list, field.value.trim(), own));
  box.addEventListener("keydown", (event) => {
    if (event.target === field && event.key === "Enter") enter(event, list, own, choose);
    else if (event.target !== field && /^[^\s]$/u.test(event.key) && !event.ctrlKey && !event.altKey) {
      field.focus();
      event.stopPropagation();
    }
  });
  narrow(list, "", own);
  return new Promise((done) => openSide([box], { label, onClose: () => done(answer) }));
}

function button({ value, number, name, sum = "", about = "" }, choose) {
  const made = make("button", { type: "button", class: "pick", "data-pick": number }, make("kbd", {}, String(number)), make("b", {}, name));
  if (sum) made.append(make("span", { class: "money" }, sum));
  if (about) made.append(make("small", {}, about));
  made.addEventListener("click", () => choose(value));
  return made;
}

const marked = (list) => list.querySelector(".pick.on");

/** Marks what Enter would take: a number's own, else the first that has the letters. Where own words may be given, only the number's. */
function narrow(list, text, own) {
  const all = [...list.children];
  const numbered = all.find((one) => one.dataset.pick === text);
  const fits = (one) => !text || own || one === numbered || one.textContent.toLowerCase().includes(text.toLowerCase());
  for (const one of all) one.hidden = numbered ? false : !fits(one);
  const on = numbered ?? (own ? undefined : all.find((one) => !one.hidden));
  for (const one of all) one.classList.toggle("on", one === on);
}

function enter(event, list, own, choose) {
  const text = event.target.value.trim();
  if (looksScanned(text)) return void setTimeout(closeSide); // the counter takes the scan first
  event.preventDefault();
  event.stopPropagation();
  const on = marked(list);
  if (on) return on.click();
  return own && text ? choose(text) : undefined;
}
