// What offers take off a bill, shown while it is made; the server works it out again by the same rules (catalog/offer_rules.py says
// them) and both are held to one file of vectors. Exact: paise, thousandths of a unit and hundredths of a percent, all BigInt.
import { milli, paise } from "./money.js";

const NO_OFFER = Object.freeze({ discount: 0n, offer: null });

/** A row's offers from its data attribute. */
export function readOffers(text) {
  return JSON.parse(text || "[]").map((one) => ({
    id: one.id,
    kind: one.kind,
    name: one.name,
    percent: paise(one.percent ?? "0"),
    amount: paise(one.amount ?? "0"),
    buy: milli(one.buy ?? "0"),
    get: milli(one.get ?? "0"),
    price: paise(one.price ?? "0"),
    parts: (one.parts ?? []).map(([product, quantity]) => [String(product), milli(quantity)]),
  }));
}

/**
 * The discount of each line, in the lines' order: [{ discount: paise, offer or null }].
 * A line is { product, quantity: thousandths, price: paise a unit, gross: paise, offers, byHand }.
 */
export function offersOn(lines) {
  const found = lines.map(() => NO_OFFER);
  let free = [...lines.keys()].filter((at) => mayTake(lines[at]));
  const combos = [...new Map(free.flatMap((at) => lines[at].offers).filter((one) => one.kind === "combo").map((one) => [one.id, one])).values()];
  for (let best; (best = bestCombo(lines, free, combos)); ) {
    for (const [at, share] of best.shares) found[at] = { discount: share, offer: best.offer };
    free = free.filter((at) => !best.shares.has(at));
  }
  for (const at of free) found[at] = bestAlone(lines[at]);
  return found;
}

const mayTake = (line) => line.offers.length > 0 && !line.byHand && line.quantity > 0n && line.price > 0n && line.gross > 0n;
const byId = (offers) => [...offers].sort((a, b) => a.id - b.id);
const halfUp = (amount, by) => (amount + by / 2n) / by;
const min = (a, b) => (a < b ? a : b);
const sum = (amounts) => amounts.reduce((all, one) => all + one, 0n);

// --- one line ------------------------------------------------------------------------------------------------
function bestAlone(line) {
  let best = NO_OFFER;
  for (const offer of byId(line.offers)) {
    const discount = alone(line, offer);
    if (discount > best.discount) best = { discount, offer };
  }
  return best;
}

function alone({ quantity, price, gross }, offer) {
  let discount = 0n;
  if (offer.kind === "percent") discount = halfUp(gross * offer.percent, 10_000n);
  else if (offer.kind === "amount") discount = halfUp(quantity * min(price, offer.amount), 1000n);
  else if (offer.kind === "buy_get") discount = halfUp((quantity / (offer.buy + offer.get)) * offer.get * price, 1000n);
  return min(discount, gross);
}

// --- sets of several lines -----------------------------------------------------------------------------------
function bestCombo(lines, free, combos) {
  let best = null;
  for (const offer of byId(combos)) {
    const { costs, sets } = setsOf(lines, free, offer);
    const discount = sum([...costs.values()]) - sets * offer.price;
    if (discount > (best?.discount ?? 0n)) best = { offer, costs, discount };
  }
  if (!best) return null;
  const shares = shareOut(best.discount, [...best.costs.values()]);
  return { offer: best.offer, shares: new Map([...best.costs.keys()].map((at, place) => [at, shares[place]])) };
}

function setsOf(lines, free, offer) {
  const parts = offer.parts.map(([product, need]) => {
    const ours = free.filter((at) => String(lines[at].product) === product && lines[at].offers.some((one) => one.id === offer.id));
    return { need, ours, sets: sum(ours.map((at) => lines[at].quantity)) / need };
  });
  const sets = parts.reduce((fewest, part) => (fewest === null ? part.sets : min(fewest, part.sets)), null) ?? 0n;
  const costs = parts.flatMap(({ need, ours }) => taken(lines, ours, sets * need));
  return { sets, costs: new Map(costs.sort(([a], [b]) => a - b)) };
}

/** [line, paise] for `wanted` thousandths of a product, from its dearest lines first; a line all used costs its gross. */
function taken(lines, ours, wanted) {
  const found = [];
  const more = (a, b) => (a === b ? 0 : a > b ? -1 : 1);
  const order = (a, b) => more(a.price, b.price) || more(a.quantity, b.quantity) || more(a.gross, b.gross);
  for (const at of [...ours].sort((a, b) => order(lines[a], lines[b]))) {
    if (wanted <= 0n) break;
    const { quantity, price, gross } = lines[at];
    const used = min(wanted, quantity);
    wanted -= used;
    found.push([at, used === quantity ? gross : min(gross, halfUp(used * price, 1000n))]);
  }
  return found;
}

/** Whole paise spread in proportion; each share rounded down, what is left one paisa each to the largest remainders, the earlier first. */
export function shareOut(amount, weights) {
  const total = sum(weights);
  if (amount === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (amount * weight) / total);
  const rest = (at) => (amount * weights[at]) % total;
  const order = [...weights.keys()].sort((a, b) => (rest(a) === rest(b) ? a - b : rest(a) > rest(b) ? -1 : 1));
  for (const at of order.slice(0, Number(amount - sum(shares)))) shares[at] += 1n;
  return shares;
}
