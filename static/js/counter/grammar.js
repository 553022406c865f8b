// What a text in the entry box means. The same text means the same whether typed, scanned or pasted; nothing hangs on speed.
import { milli, paise } from "./money.js";

const NUMBER = String.raw`(?:\d{1,5}(?:\.\d{1,3})?|\.\d{1,3})`;
const AFTER = new RegExp(`^\\*\\s*(${NUMBER})$`);
const BEFORE = new RegExp(`^(${NUMBER})\\s*\\*\\s*(.*)$`);
const DECIMAL = /^(?:\d{1,5}\.\d{1,3}|\.\d{1,3})$/;
const PHONE = /^(?:\+91[\s-]?)?([6-9]\d{9})$/;

const WORTH = /^(?:₹|rs\.?)\s*(\d{1,7}(?:\.\d{1,2})?)\s*\*\s*(.+)$/i;
const PART = /^(\d{1,7}(?:\.\d{1,2})?)\s*\/\s*(\d{1,14})$/;
const BILL = /^#\s*([A-Z0-9/-]{1,20})$/i;
const LINK = /^https?:\/\/\S+\/b\/([\w-]+)\/?$/i;
const CARD = /^K[SC]-[A-Z0-9-]{4,40}$/i;

/** → { kind, … }: nothing, step, quantity, times, worth, sum, bill, link, card, code, number, phone, name, unread.
    `times` (thousandths) or `worth` (paise) may come with code and name. */
export function read(typed) {
  const text = typed.trim();
  if (!text) return { kind: "nothing" };
  if (text === "+" || text === "-") return { kind: "step", by: text === "+" ? 1 : -1 };
  if (text.startsWith("=")) return { kind: "sum", text: text.slice(1) };
  return special(text) ?? counted(text) ?? plainly(text);
}

/** Bills, links, cards: texts that mean themselves. */
function special(text) {
  const bill = BILL.exec(text);
  if (bill) return { kind: "bill", number: bill[1].toUpperCase() };
  if (LINK.test(text)) return { kind: "link", text };
  return CARD.test(text) ? { kind: "card", text: text.toUpperCase() } : null;
}

/** "*3", "3*42", "₹20*42", "20/42". */
function counted(text) {
  const after = AFTER.exec(text);
  if (after) return { kind: "quantity", quantity: milli(after[1]) };
  const before = BEFORE.exec(text);
  if (before) return timesOf(milli(before[1]), before[2], text);
  const worth = WORTH.exec(text) ?? PART.exec(text);
  return worth ? withGoods(worth[2], { worth: paise(worth[1]) }, text) : null;
}

function plainly(text) {
  const phone = PHONE.exec(text);
  if (phone) return { kind: "phone", phone: phone[1] };
  if (/^\d+$/.test(text)) return { kind: "code", code: text };
  if (DECIMAL.test(text)) return { kind: "number", text };
  if (/[*=₹#]/.test(text)) return { kind: "unread", text };
  return { kind: "name", text };
}

function timesOf(times, rest, text) {
  if (!times) return { kind: "unread", text };
  return rest.trim() ? withGoods(rest, { times }, text) : { kind: "times", times };
}

/** The goods after a count or an amount: a code or a name; ten digits are a code here, not a phone. */
function withGoods(rest, given, text) {
  const what = plainly(rest.trim());
  if (what.kind === "phone") return { kind: "code", code: rest.trim(), ...given };
  const amount = given.worth ?? given.times;
  return amount && (what.kind === "code" || what.kind === "name") ? { ...what, ...given } : { kind: "unread", text };
}

/** Eight digits or more are a scan wherever they land, in a quantity cell too. */
export const looksScanned = (text) => /^\d{8,}$/.test(text.trim());

/** True for EAN-8, UPC-A, EAN-13 and ITF-14 with a right check digit (GS1). */
export function isGtin(text) {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return false;
  const digits = [...text].reverse().map(Number);
  return digits.reduce((sum, digit, place) => sum + digit * (place % 2 ? 3 : 1), 0) % 10 === 0;
}
