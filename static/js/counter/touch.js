// Fingers on the lines: swipe left removes a line and leaves five seconds to take that back, a long press opens what can be done to it.
// Nothing hangs on hovering or tapping twice, and all of it is there by other ways too: the line's own buttons, the keys.
import * as bill from "./bill.js";
import { define, isKnown, run } from "./keys.js";
import { make } from "./make.js";
import { inr } from "./money.js";
import { enqueue, open as question } from "./queue.js";
import * as r from "./row.js";
import { closeSide, openSide } from "./side.js";
import { word } from "./words.js";

const SLOP = 10; // pixels a finger may tremble
const FAR = 0.35; // of the line's width: from there on letting go removes it
const HOLD = 500; // ms of a long press
const UNDO = 5000; // ms the removal can be taken back by a tap
const ACTS = ["quantity", "rate", "discount", "batch", "remove"];
const lines = document.getElementById("lines");
const undoBar = document.getElementById("undo");
const entry = document.getElementById("entry");
const hand = matchMedia("(pointer: coarse)");
let finger = null;
let byTouch = false;
let undoTimer;

// --- one finger -------------------------------------------------------------------------------------------------
lines.addEventListener("pointerdown", (event) => {
  byTouch = event.pointerType !== "mouse";
  const row = event.target.closest(".line");
  if (!byTouch || !row || !event.isPrimary) return drop();
  finger = { id: event.pointerId, row, x: event.clientX, y: event.clientY, width: row.clientWidth, slide: null, done: false };
  if (!event.target.closest("button, input")) finger.timer = setTimeout(longPress, HOLD);
});

document.addEventListener("pointermove", (event) => {
  if (!finger || event.pointerId !== finger.id || finger.done) return;
  const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
  if (Math.hypot(dx, dy) > SLOP) clearTimeout(finger.timer);
  if (!finger.slide && -dx > SLOP && -dx > 2 * Math.abs(dy)) finger.slide = sliding(finger.row);
  if (finger.slide) finger.slide.currentTime = 1000 * Math.min(Math.max(-dx / finger.width, 0), 1);
});

document.addEventListener("pointerup", (event) => {
  if (!finger || event.pointerId !== finger.id) return;
  const { row, slide } = finger;
  if (slide || finger.done) swallowClick();
  if (slide && slide.currentTime >= 1000 * FAR) enqueue(() => row.isConnected && bill.remove(row));
  drop();
});

document.addEventListener("pointercancel", (event) => { if (event.pointerId === finger?.id) drop(); });

/** The line follows the finger; an animation that stands still leaves no mark on the row, whose HTML is the bill's state. */
function sliding(row) {
  const slide = row.animate([{ transform: "none" }, { transform: "translateX(-100%)" }], { duration: 1000, fill: "both" });
  slide.pause();
  return slide;
}

function drop() {
  if (!finger) return;
  clearTimeout(finger.timer);
  finger.slide?.cancel();
  finger = null;
}

/** The click a browser makes on the lines of a lifted finger means nothing after a swipe or a long press. */
function swallowClick() {
  const swallow = (event) => {
    if (!lines.contains(event.target)) return;
    event.stopPropagation();
    event.preventDefault();
  };
  addEventListener("click", swallow, { capture: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
}

// The browser's own menu of a long press is not wanted here.
lines.addEventListener("contextmenu", (event) => { if (byTouch) event.preventDefault(); });

// --- what can be done to a line ---------------------------------------------------------------------------------
function longPress() {
  finger.done = true;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(20);
  openLine(finger.row);
}

function openLine(row) {
  bill.select(row);
  const acts = ACTS.filter((act) => isKnown(act));
  const buttons = acts.map((act) => {
    const marks = { type: "button", class: "pick", "data-act": "on-line", "data-does": act };
    return make("button", marks, make("b", {}, word(`line-${act}`)), make("span", { class: "money" }, nowOf(act, row)));
  });
  openSide([make("div", { class: "picks line-sheet" }, ...buttons)], { label: row.dataset.name });
}

/** What the line has now, beside the act that changes it. */
function nowOf(act, row) {
  const off = r.text(row, "off");
  const now = {
    quantity: () => `${r.text(row, "quantity") || "–"} ${row.dataset.unit}`,
    rate: () => inr(r.priceOf(row)),
    discount: () => (off.includes("%") || !off ? off || "–" : `₹${off}`),
    batch: () => row.dataset.expiry ?? "",
  };
  return now[act]?.() ?? "";
}

define("on-line", (button) => {
  const { does } = button.dataset;
  const row = bill.selected();
  closeSide();
  run(does === "quantity" && row && r.isLoose(row) ? "pad" : does);
});
define("line-acts", () => bill.selected() && openLine(bill.selected()));

// --- taking a removal back --------------------------------------------------------------------------------------
bill.form.addEventListener("line:removed", ({ detail }) => {
  if (!hand.matches && !byTouch) return;
  undoBar.querySelector("[data-undo-what]").textContent = word("removed", { name: detail.row.dataset.name });
  undoBar.hidden = false;
  undoTimer = setTimeout(hideUndo, UNDO);
});

function hideUndo() {
  clearTimeout(undoTimer);
  undoBar.hidden = true;
}

for (const name of ["bill:changed", "bill:opened"]) bill.form.addEventListener(name, hideUndo); // the next step back would be another one
define("undo-removed", () => {
  hideUndo();
  run("undo");
});

// --- what keys do on a laptop --------------------------------------------------------------------------------------
/** Enter and Escape answer a question; where there are no keys, two buttons do. */
document.addEventListener("counter:question", () => {
  const said = document.querySelector("#say > p");
  if (!hand.matches || !said || said.querySelector(".answers") || question()?.options) return;
  const answer = (does, name) => make("button", { type: "button", class: "btn", "data-act": does }, word(name));
  said.append(make("span", { class: "answers" }, answer("answer-yes", "yes"), answer("answer-no", "no")));
});

/** A discount is rupees or percent; number keyboards have no percent sign. */
define("percent", () => {
  entry.value = entry.value.includes("%") ? entry.value.replace("%", "") : `${entry.value}%`;
});
