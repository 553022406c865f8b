// Which notes a customer is likely to hand over for an amount. Pure; paise in, paise out.
const STEPS = [10n, 50n, 100n, 200n, 500n].map((rupees) => rupees * 100n);
const MOST = 4;

/** The next round sums above `due`, each once, rising: 26300n → 27000n, 30000n, 40000n, 50000n. */
export function notesFor(due) {
  if (due <= 0n) return [];
  const sums = STEPS.map((step) => ((due + step - 1n) / step) * step).filter((sum) => sum > due);
  return [...new Set(sums)].sort((a, b) => (a < b ? -1 : 1)).slice(0, MOST);
}
