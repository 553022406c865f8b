// Who buys: found by phone, added with the phone alone.
import { ask, isAnswer } from "./ask.js";
import { changed, form } from "./bill.js";
import { hold } from "./queue.js";
import { hush, sayFragment, sayWord } from "./words.js";

const card = document.getElementById("customer");

export async function findCustomer(phone) {
  const answer = await ask("GET", form.dataset.customer, { phone });
  if (!isAnswer(answer)) return sayWord("no-answer", { text: phone }, "bad");
  if (answer.slot.querySelector("[name=customer]")) return showCustomerCard(answer.slot);
  const isNew = answer.slot.querySelector("[data-ask-phone]");
  sayFragment(answer.slot);
  if (!isNew) return undefined;
  let adding;
  await hold({ yes: () => { adding = add(phone); }, no: hush });
  return adding;
}

async function add(phone) {
  const answer = await ask("POST", form.dataset.customer, { phone });
  if (answer.status === 200) showCustomerCard(answer.slot);
  else if (isAnswer(answer)) sayFragment(answer.slot);
  else sayWord("no-answer", { text: phone }, "bad");
}

/** A customer's card, as the server made it, onto the bill. */
export function showCustomerCard(slot) {
  card.replaceChildren(...slot.childNodes);
  card.hidden = false;
  hush();
  changed();
  tellList();
}

/** Whose bill it is decides its price list. */
function tellList() {
  const list = card.querySelector("[name=customer]")?.dataset.list ?? "";
  document.dispatchEvent(new CustomEvent("customer:changed", { detail: { list } }));
}

export function removeCustomer() {
  card.hidden = true;
  card.replaceChildren();
  changed();
  tellList();
}
