// The unit price of a line: list prices and quantity slabs. Exact and without the page; catalog/list_prices.py is its twin.
import { milli, paise } from "./money.js";

/** A row's slabs from its data attribute, '[["6","50.00"]]' → [[6000n, 5000n]]: from which quantity (thousandths), at what price (paise). */
export const readSlabs = (text) => JSON.parse(text || "[]").map(([least, price]) => [milli(least), paise(price)]);

/**
 * Paise for one unit when `quantity` (thousandths) is bought. The slab with the highest from-quantity that is reached replaces
 * `base`, the lot's or the product's own price. `ceiling` is a lot's own price: no slab is above it; nothing is above `mrp`.
 */
export function priceFor(base, slabs, quantity, { mrp = null, ceiling = null } = {}) {
  let reached = null;
  for (const slab of slabs) if (slab[0] <= quantity && (reached === null || slab[0] > reached[0])) reached = slab;
  const price = reached === null ? base : least(reached[1], ceiling);
  return least(price, mrp);
}

const least = (price, most) => (most !== null && most < price ? most : price);
