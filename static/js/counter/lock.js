// Locking the counter and handing it over: the open bills stay on this device, the page comes back with whoever proves themselves.
import { ask } from "./ask.js";
import { form } from "./bill.js";
import { define } from "./keys.js";
import { note } from "./log.js";
import { pickFrom } from "./pick.js";
import { pinPanel } from "./pin_panel.js";
import { newKey } from "./store.js";
import { sayWord, word } from "./words.js";

const REASONS = ["change", "check", "mistake", "owner"];
const again = () => location.assign(form.dataset.page);

async function lock() {
  await ask("POST", form.dataset.lock, { client_id: newKey(), counter: form.elements.counter.value });
  again();
}

/** A badge was scanned: its owner types the PIN, and sells from then on. */
export const takeOver = (card) => pinPanel(form.dataset.takeOver, { card });

async function drawer() {
  const options = REASONS.map((name, place) => ({ value: word(`drawer-${name}`), number: place + 1, name: word(`drawer-${name}`) }));
  const reason = await pickFrom(options, { label: word("drawer"), hint: word("why-hint"), own: true });
  if (!reason) return;
  await note("no_sale", { reason });
  document.dispatchEvent(new CustomEvent("till:drawer"));
  sayWord("drawer-noted", { reason }, "info");
}

define("lock", lock, ["Alt+l"]);
define("drawer", drawer, ["Alt+o"]);
document.addEventListener("shop:locked", again);
