// What the cashier may not do alone: somebody else's name and PIN, beside the bill. The bill stays as it is meanwhile.
import { pinPanel } from "./pin_panel.js";
import { changed, form } from "./bill.js";
import { paise } from "./money.js";
import { offOf } from "./sums.js";
import { sayFragment } from "./words.js";

/** { percent?: "12.5", rate?: true, khata?: "5380.00" } → what the server says of it when it was approved for the bill at hand, else null. */
export async function askApproval({ percent = "", rate = false, khata = "" }) {
  const asked = { key: form.elements.key.value, percent, rate: rate ? "1" : "", khata, counter: form.elements.counter.value };
  const slot = await pinPanel(form.dataset.approve, asked);
  const given = slot?.querySelector("[name=approval]");
  if (!given || asked.key !== form.elements.key.value) return null;
  given.setAttribute("value", given.value);
  document.getElementById("approvals").append(given);
  changed();
  return slot;
}

/** The bill was refused for want of an approval: ask for it, then the cashier pays again. */
document.addEventListener("bill:refused", async ({ detail }) => {
  if (detail.code !== "needs_approval" && detail.code !== "credit_limit") return;
  const { needsPercent, needsRate, needsKhata } = document.querySelector("#say [data-refused]")?.dataset ?? {};
  const approved = await askApproval({ percent: needsPercent ?? "", rate: Boolean(needsRate), khata: needsKhata ?? "" });
  if (approved) sayFragment(approved);
});

// --- what the cashier may do alone ---------------------------------------------------------------------------
const HUNDREDTHS = 100n;
export const mayRate = () => "mayRate" in form.dataset;

/** Percent, rounded up, that `off` is of `whole`; "" when the cashier may give that alone. A paisa of rounding is nobody's gift, as on the server. */
export function tooMuch(off, whole) {
  if (whole <= 0n || off <= 0n) return "";
  if (off <= offOf({ percent: paise(form.dataset.limitPercent) ?? 0n }, whole) + 1n) return "";
  const percent = (off * HUNDREDTHS * 100n + whole - 1n) / whole;
  return `${percent / HUNDREDTHS}.${String(percent % HUNDREDTHS).padStart(2, "0")}`;
}
