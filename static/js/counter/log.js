// The till's log: what happens on this page is kept on the device until the server has taken it, also over a reload and a lost connection.
import { ask } from "./ask.js";
import { form } from "./bill.js";
import { newKey } from "./store.js";

const BOX = `kirana:notes:${form.dataset.shop}/`;
const MOST = 40; // of the 50 a post may carry
const AGAIN = 20000; // ms between tries
const LONGEST = 80; // letters of a detail
let sending = false;

/** Write down that something happened: { request_key?, amount? ("52.50"), reason?, details? }. */
export function note(kind, { request_key = "", amount = "", reason = "", details = {} } = {}) {
  const told = { kind, client_id: newKey(), request_key, amount: unsigned(amount), reason, details: flat(details), at: new Date().toISOString() };
  told.by = Number(form.dataset.cashier);
  told.counter = Number(form.elements.counter.value);
  try {
    localStorage.setItem(BOX + told.client_id, JSON.stringify(told));
  } catch { /* no room: it goes at once or not at all */ }
  return send([told]);
}

const unsigned = (amount) => String(amount).replace(/^[-−]/, "");

/** Details are short words and whole numbers; a list becomes one line of words. */
function flat(details) {
  const pairs = Object.entries(details).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(pairs.slice(0, 12).map(([name, value]) => [name, plainly(value)]));
}

function plainly(value) {
  if (typeof value === "boolean" || value === null || Number.isSafeInteger(value)) return value;
  const words = Array.isArray(value) ? value.map((one) => one?.name ?? String(one)).join(", ") : String(value);
  return words.slice(0, LONGEST);
}

function kept() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(BOX)).map((name) => JSON.parse(localStorage.getItem(name)));
  } catch {
    return [];
  }
}

async function send(fresh = []) {
  if (sending) return;
  sending = true;
  const told = new Map([...kept(), ...fresh].slice(0, MOST).map((one) => [one.client_id, one]));
  const { status } = told.size ? await ask("POST", form.dataset.log, { events: JSON.stringify([...told.values()]) }) : { status: 204 };
  if (status === 204 || status === 422) told.forEach((_, id) => localStorage.removeItem(BOX + id)); // 422: it will never be taken
  sending = false;
  if (status === 204 && kept().length) send();
}

document.addEventListener("till:note", ({ detail: { kind, ...what } }) => note(kind, what));
addEventListener("online", () => send());
setInterval(() => kept().length && send(), AGAIN);
send();
