// Ctrl+P: the last bill of this counter once more on paper, marked DUPLICATE. The one on the screen, else the server's answer.
import { ask, isAnswer } from "./ask.js";
import { define } from "./keys.js";
import { paperIn, printBill } from "./printer.js";
import { sayFragment, sayWord } from "./words.js";

const till = document.getElementById("printer");

/** From a button the bill beside it; from the key the last one. */
async function reprint(button) {
  const near = button?.closest?.("[data-prints]");
  const paper = paperIn(near ?? document.getElementById("saved")) ?? (await fromServer());
  if (!paper) return;
  sayWord("printing-again", { number: paper.paperOf }, "info");
  printBill({ ...paper });
}

async function fromServer() {
  const answer = await ask("GET", till.dataset.last, { counter: document.querySelector("#bill [name=counter]").value });
  if (!isAnswer(answer)) return sayWord("no-answer", { text: "Ctrl+P" }, "bad");
  return paperIn(answer.slot) ?? sayFragment(answer.slot);
}

define("reprint", reprint, ["Ctrl+p"]);
