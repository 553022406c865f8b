// Exact sums: rupees as whole paise and quantities as whole thousandths, in BigInt. No tax here: that is the server's.

const DECIMAL = /^(?:\d{1,9}(?:\.(\d*))?|\.(\d+))$/;

function scaled(text, places) {
  const clean = String(text).replaceAll(",", "").replace(/^₹\s*/, "").trim();
  if (!DECIMAL.test(clean)) return null;
  const [whole, fraction = ""] = clean.split(".");
  if (fraction.length > places) return null;
  return BigInt((whole || "0") + fraction.padEnd(places, "0"));
}

/** "120.50" → 12050n; null for what is no amount. */
export const paise = (text) => scaled(text, 2);

/** "1.25" → 1250n; null for what is no quantity. */
export const milli = (text) => scaled(text, 3);

/** Quantity × rate, rounded half up to the paisa, as the server rounds a line. */
export const gross = (quantity, rate) => (quantity * rate + 500n) / 1000n;

const STEPS = { none: 1n, half: 50n, rupee: 100n };

/** What is asked for: the sum of the lines rounded half up to the shop's step. */
export function rounded(sum, mode) {
  const step = STEPS[mode] ?? 100n;
  return ((sum + step / 2n) / step) * step;
}

function grouped(digits) {
  if (digits.length <= 3) return digits;
  return digits.slice(0, -3).replace(/\B(?=(\d\d)+$)/g, ",") + "," + digits.slice(-3);
}

/** 128400n → ["1,284", "00"], with the minus sign of print. */
function parts(amount) {
  const size = amount < 0n ? -amount : amount;
  const digits = String(size).padStart(3, "0");
  return [(amount < 0n ? "−" : "") + grouped(digits.slice(0, -2)), digits.slice(-2)];
}

export const inr = (amount) => parts(amount).join(".");
export const rupees = (amount) => `₹\u00a0${inr(amount)}`;
export const rupeeParts = (amount) => {
  const [whole, fraction] = parts(amount);
  return [`₹\u00a0${whole}`, `.${fraction}`];
};

/** For a form: "1284.00". */
export const plain = (amount) => {
  const digits = String(amount).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** 1500n → "1.5", 2000n → "2". */
export function quantity(amount) {
  const digits = String(amount).padStart(4, "0");
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`.replace(/\.?0+$/, "");
}
