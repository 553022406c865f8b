// Room on this device for bills, and the browser's word that it will not throw them away by itself.
const LEAST = 20e6; // bytes free below which it is told
const FULL = 0.95; // of what the browser gives this page
const BILL = 2e5; // bytes a bill of forty lines takes in both places, with its steps back
const EVERY = 5 * 60e3; // ms
const WEEK = 7 * 24 * 3600e3;
const ASKED = "kirana:persist-asked";
let latest = null;

/** { free: megabytes, bills: how many more, isLow } as found last; null when the browser does not tell. */
export const room = () => latest;

/** Tells `hear` now and every few minutes: what room() answers. */
export function watchRoom(hear) {
  const look = async () => {
    const found = await measure();
    if (found) hear(found);
  };
  look();
  setInterval(look, EVERY);
  document.addEventListener("bill:saved", look);
}

async function measure() {
  const { usage, quota } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (!quota) return null;
  const free = Math.max(quota - usage, 0);
  latest = { free: Math.floor(free / 1e6), bills: Math.floor(free / BILL), isLow: free < LEAST || usage > quota * FULL };
  return latest;
}

/** Asked with the first goods on a bill, not at once: a browser that asks its owner should be asked with a reason in sight. */
document.getElementById("bill").addEventListener("line:added", persist, { once: true });

async function persist() {
  const storage = navigator.storage;
  if (!storage?.persist || askedLately() || (await storage.persisted())) return;
  await storage.persist();
}

function askedLately() {
  try {
    if (Date.now() - Number(localStorage.getItem(ASKED) ?? 0) < WEEK) return true;
    localStorage.setItem(ASKED, Date.now());
  } catch { /* then it is asked each time */ }
  return false;
}
