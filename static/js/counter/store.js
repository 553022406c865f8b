// The unfinished bill on this device. localStorage is written at once and outlives a reload or a crashed tab; IndexedDB with strict
// durability outlives a power cut. Each bill lies under its own request key, so several bills and tabs never overwrite one another.
const OPEN = "kirana:bill:";
const MINE = "kirana:my-bill:";

/** A UUID, on plain http in the shop's own network too, where crypto.randomUUID is missing. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// --- on disk -------------------------------------------------------------------------------------------------
const disk = new Promise((ready) => {
  try {
    const opening = indexedDB.open("kirana", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("bills", { keyPath: "id" });
    opening.onsuccess = () => ready(opening.result);
    opening.onerror = () => ready(null);
  } catch {
    ready(null); // private window: localStorage alone
  }
});

async function onDisk(mode, act) {
  const db = await disk;
  if (!db) return undefined;
  return new Promise((done) => {
    const transaction = db.transaction("bills", mode, { durability: "strict" });
    const request = act(transaction.objectStore("bills"));
    transaction.oncomplete = () => done(request.result);
    transaction.onerror = transaction.onabort = () => done(undefined);
  });
}

// --- the bills of one counter ----------------------------------------------------------------------------------
export function storeOf(shop, counter) {
  const place = `${shop}/${counter}/`;
  const id = (key) => OPEN + place + key;

  function keep(bill) {
    const saved = { ...bill, id: id(bill.key) };
    try {
      localStorage.setItem(saved.id, JSON.stringify(saved));
      sessionStorage.setItem(MINE + place, bill.key);
    } catch { /* full or forbidden: the disk has it */ }
    return onDisk("readwrite", (bills) => bills.put(saved));
  }

  function drop(key) {
    holders.get(id(key))?.();
    try {
      localStorage.removeItem(id(key));
    } catch { /* nothing was kept there */ }
    return onDisk("readwrite", (bills) => bills.delete(id(key)));
  }

  /** All open bills of this counter, oldest first; of two copies the newer. */
  async function open() {
    const found = new Map();
    const take = (bill) => {
      if (bill?.id?.startsWith(OPEN + place) && bill.rev > (found.get(bill.key)?.rev ?? -1)) found.set(bill.key, bill);
    };
    for (const bill of (await onDisk("readonly", (bills) => bills.getAll())) ?? []) take(bill);
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith(OPEN + place)) take(JSON.parse(localStorage.getItem(name)));
    } catch { /* a torn entry: the disk's copy stands */ }
    return [...found.values()].sort((a, b) => a.opened - b.opened);
  }

  /** The bill this tab held, else one that no other tab holds; null for a fresh start. */
  async function mine() {
    const bills = await open();
    const last = sessionStorage.getItem(MINE + place);
    bills.sort((a, b) => (b.key === last) - (a.key === last));
    for (const bill of bills) if (await hold(id(bill.key))) return bill;
    return null;
  }

  return { keep, drop, open, mine, hold: (key) => hold(id(key)) };
}

/** True when this tab alone holds `name` from now on; two tabs never work on one bill. */
function hold(name) {
  if (!navigator.locks) return Promise.resolve(true); // plain http: the request key still bills once
  return new Promise((answer) => {
    const patience = AbortSignal.timeout(250); // a page that is just being left lets go in a moment
    navigator.locks.request(name, { signal: patience }, () => {
      answer(true);
      return new Promise((letGo) => holders.set(name, letGo));
    }).catch(() => answer(false));
  });
}
const holders = new Map();
