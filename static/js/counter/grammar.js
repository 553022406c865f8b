// What a text in the entry box means. The same text means the same whether typed, scanned or pasted; nothing hangs on speed.
import { milli } from "./money.js";

const NUMBER = String.raw`(?:\d{1,5}(?:\.\d{1,3})?|\.\d{1,3})`;
const AFTER = new RegExp(`^\\*\\s*(${NUMBER})$`);
const BEFORE = new RegExp(`^(${NUMBER})\\s*\\*\\s*(.*)$`);
const DECIMAL = /^(?:\d{1,5}\.\d{1,3}|\.\d{1,3})$/;
const PHONE = /^(?:\+91[\s-]?)?([6-9]\d{9})$/;

/** → { kind, … }: nothing, step, quantity, times, code, number, phone, name, unread. `times` (thousandths) may come with code and name. */
export function read(typed) {
  const text = typed.trim();
  if (!text) return { kind: "nothing" };
  if (text === "+" || text === "-") return { kind: "step", by: text === "+" ? 1 : -1 };
  const after = AFTER.exec(text);
  if (after) return { kind: "quantity", quantity: milli(after[1]) };
  const before = BEFORE.exec(text);
  if (before) return timesOf(milli(before[1]), before[2], text);
  const phone = PHONE.exec(text);
  if (phone) return { kind: "phone", phone: phone[1] };
  if (/^\d+$/.test(text)) return { kind: "code", code: text };
  if (DECIMAL.test(text)) return { kind: "number", text };
  if (/[*=₹#]/.test(text)) return { kind: "unread", text };
  return { kind: "name", text };
}

function timesOf(times, rest, text) {
  if (!times) return { kind: "unread", text };
  const what = read(rest);
  if (what.kind === "nothing") return { kind: "times", times };
  return what.kind === "code" || what.kind === "name" ? { ...what, times } : { kind: "unread", text };
}

/** Eight digits or more are a scan wherever they land, in a quantity cell too. */
export const looksScanned = (text) => /^\d{8,}$/.test(text.trim());
