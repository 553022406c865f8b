// "Are you sure?" in a small window of our own. Resolves to true or false; Escape and the backdrop mean no.
import { sentence } from "./toast.js";

function button(words, classes, answer) {
  const made = document.createElement("button");
  made.className = `btn ${classes}`;
  made.value = answer;
  made.textContent = words;
  return made;
}

/** Ask `element.dataset.confirm`; data-confirm-yes names the button, data-confirm-stop makes it red. */
export function ask(element) {
  const { confirm: question, confirmYes, confirmMore, confirmStop } = element.dataset;
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "ask-title");
  const form = document.createElement("form");
  form.method = "dialog";
  const title = document.createElement("h2");
  title.id = "ask-title";
  title.textContent = question;
  form.append(title);
  if (confirmMore) form.append(Object.assign(document.createElement("p"), { className: "muted", textContent: confirmMore }));
  const row = Object.assign(document.createElement("div"), { className: "acts-row" });
  row.append(button(sentence("no"), "", "no"), button(confirmYes || sentence("yes"), confirmStop === undefined ? "go" : "stop sure", "yes"));
  form.append(row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => {
    dialog.remove();
    answer(dialog.returnValue === "yes");
  }));
}
