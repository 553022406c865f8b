// What a bill comes to, exactly: paise and thousandths as BigInt, half up. The server's `orders/pricing.py` does the same and has the last
// word; both are held to tests/vectors/bills.json. No tax here: prices have it in them.
import { gross, paise, rounded } from "./money.js";

const OFF = /^(\d{1,8}(?:\.\d{1,2})?)\s*(%?)$/;
const ALL = 10000n; // 100 % in hundredths of a percent
export const NOTHING = Object.freeze({ percent: 0n, rupees: 0n });

/** "5%", "12.50" or "" → { percent (hundredths), rupees (paise) }; null for anything else. */
export function readOff(text) {
  const clean = String(text).trim();
  if (!clean) return NOTHING;
  const found = OFF.exec(clean);
  if (!found) return null;
  const number = paise(found[1]);
  if (!found[2]) return { percent: 0n, rupees: number };
  return number <= ALL ? { percent: number, rupees: 0n } : null;
}

/** What a discount takes off `amount`. */
export const offOf = (off, amount) => (off.percent ? (amount * off.percent + ALL / 2n) / ALL : off.rupees);

/** How much `amount` buys at `price`, in whole steps: rounded down, or one step more where that would be above the MRP. Zero when it buys none. */
export function quantityFor(amount, price, step, mrp = null) {
  if (price <= 0n) return 0n;
  const count = ((amount * 1000n) / price / step) * step;
  return mrp !== null && count > 0n && amount > gross(count, mrp) ? count + step : count;
}

/** A line { quantity, price, amount?, offer?, off?, mrp? } → { gross, offer, off, net }. */
export function lineSums(line) {
  const all = line.amount ?? gross(line.quantity, line.price);
  const offer = line.offer ?? 0n;
  const off = offOf(line.off ?? NOTHING, all - offer);
  const net = all - offer - off;
  return { gross: all, offer, off, net: net > 0n ? net : 0n };
}

/** Lines, the bill's own discount and the shop's rounding → what is to pay, and what was saved on printed prices. */
export function billSums(lines, off = NOTHING, rounding = "rupee") {
  const each = lines.map(lineSums);
  const sum = each.reduce((all, line) => all + line.net, 0n);
  const wanted = offOf(off, sum);
  const discount = wanted < sum ? wanted : sum;
  const total = rounded(sum - discount, rounding);
  const saved = each.reduce((all, one, n) => all + printed(lines[n], one) - one.net, discount);
  return { lines: each, sum, discount, total, round: total - (sum - discount), saved };
}

const printed = (line, one) => (line.mrp === null || line.mrp === undefined ? one.gross : gross(line.quantity, line.mrp));

/** The smallest part of a unit with so many decimals, in thousandths. */
export const stepOf = (decimals) => 10n ** BigInt(3 - decimals);

