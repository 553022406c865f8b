// A question that is answered in the entry box itself: "Discount on Tata Salt". A scan that comes meanwhile is a scan; Escape ends the question.
import { hush, say } from "./words.js";

const chip = document.getElementById("prompt");
const box = document.getElementById("entry");
let asked = null;

export const promptOpen = () => asked;

/** `take(text)` gets the answer; a sentence it returns says what is wrong with it and the question stays. `keyboard`: a phone's, as in inputmode. */
export function askInBox({ name, label, hint, take, keyboard = "text" }) {
  asked = { name, take, keyboard };
  document.body.dataset.prompt = name;
  chip.textContent = label;
  chip.hidden = false;
  box.value = "";
  box.focus({ preventScroll: true });
  say(hint, "info");
}

export function answerPrompt(text) {
  const { take } = asked;
  const wrong = take(text);
  if (typeof wrong === "string" && wrong) return say(wrong, "bad");
  if (asked?.take === take) endPrompt();
  return wrong;
}

export function endPrompt() {
  if (!asked) return false;
  asked = null;
  delete document.body.dataset.prompt;
  chip.hidden = true;
  return true;
}

/** Ends the question and its hint. */
export function dropPrompt() {
  const was = endPrompt();
  if (was) hush();
  return was;
}
