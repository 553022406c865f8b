// A form with names and a PIN in the side panel, sent by htmx; answered with what the server said when it was right.
import { quicken } from "../pin.js";
import { ask, isAnswer } from "./ask.js";
import { closeSide, openSide } from "./side.js";
import { sayFragment, sayWord } from "./words.js";

/** → the server's fragment for a right PIN, or null when it was given up. */
export async function pinPanel(url, values) {
  const first = await ask("GET", url, values);
  if (!isAnswer(first)) {
    sayWord("no-answer", { text: "PIN" }, "bad");
    return null;
  }
  return new Promise((done) => {
    let answer = null;
    const show = (slot) => {
      const panel = slot.querySelector(".pin-panel");
      if (!panel) return sayFragment(slot);
      openSide([panel], { label: panel.dataset.label, onClose: () => done(answer) });
      panel.querySelector("[name=pin]")?.setAttribute("data-takes-scan", "");
      const form = panel.querySelector("form");
      if (form) listen(form);
    };
    const listen = (form) => {
      quicken(form);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        event.stopPropagation();
        const told = await ask("POST", url, Object.fromEntries(new FormData(form)));
        if (told.slot.querySelector(".pin-panel")) return again(told.slot);
        answer = told.status === 200 ? told.slot : null;
        closeSide();
      });
    };
    /** Wrong: the same panel with what is wrong; closing that one gives up. */
    const again = (slot) => {
      const before = done;
      done = () => {};
      closeSide();
      done = before;
      show(slot);
    };
    show(first.slot);
    if (!document.querySelector("#side .pin-panel")) done(null);
  });
}
