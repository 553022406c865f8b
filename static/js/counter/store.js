// The unfinished bills on this device, each under its own request key, in two places. localStorage is written in the very task that
// draws the line and outlives a reload or a crashed tab; IndexedDB with strict durability outlives a killed browser and a power cut.
// docs/counter.md says which loss each of them survives.
import { heldElsewhere, hold, letGo } from "./windows.js";

const OPEN = "kirana:bill:";
const MINE = "kirana:my-bill:";
const PATIENCE = 3000; // ms the disk gets to answer
const PAUSE = 1000; // ms between two questions to a disk that has not answered
const LATE = Symbol("late"); // it has not answered in time, and may yet
const LEAVING = 600; // ms the last page of this window gets to let its bill go
const GONE = Number.MAX_SAFE_INTEGER; // no copy is newer than that the bill is done with
const FORGET = 14 * 24 * 3600 * 1000; // ms: by then localStorage has long let go of it too

/** A UUID, on plain http in the shop's own network too, where crypto.randomUUID is missing. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// --- the disk --------------------------------------------------------------------------------------------------
let connection = null;

function connect() {
  return new Promise((ready) => {
    setTimeout(ready, PATIENCE, LATE);
    try {
      const opening = indexedDB.open("kirana", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("bills", { keyPath: "id" });
      opening.onsuccess = () => {
        const forget = () => { connection = null; };
        opening.result.onclose = forget;
        opening.result.onversionchange = () => { opening.result.close(); forget(); };
        connection = Promise.resolve(opening.result);
        ready(opening.result);
      };
      opening.onerror = () => ready(null);
    } catch {
      ready(null); // private window: localStorage alone
    }
  });
}

/** → [what `act`'s request answered], once it is on the disk; LATE, or null when there is no disk to be had. */
async function onDisk(mode, act) {
  for (let tries = 0; tries < 2; tries += 1) {
    const db = await (connection ??= connect());
    if (!db || db === LATE) return db;
    try {
      return await run(db, mode, act);
    } catch {
      connection = null; // the browser closed it under us: once more
    }
  }
  return null;
}

function run(db, mode, act) {
  return new Promise((done) => {
    const transaction = db.transaction("bills", mode, { durability: "strict" });
    const request = act(transaction.objectStore("bills"));
    setTimeout(done, PATIENCE, LATE);
    transaction.oncomplete = () => done([request.result]);
    transaction.onerror = transaction.onabort = () => done(null);
  });
}

// Writes go one after another, and of several that wait for the same bill only the newest goes.
const newest = new Map();
const written = new Map();
let writing = Promise.resolve();

function write(record) {
  const { id } = record;
  newest.set(id, record);
  writing = writing.then(async () => {
    const next = newest.get(id);
    if (next) written.set(id, Array.isArray(await onDisk("readwrite", (bills) => bills.put(next))));
    if (newest.get(id) === next) newest.delete(id);
    return written.get(id);
  });
  return writing;
}

// --- the bills of one counter ----------------------------------------------------------------------------------
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a torn entry: the disk's copy stands
  }
}

const isWhole = (bill) => Boolean(bill && typeof bill.key === "string" && Number.isFinite(bill.rev) && (bill.gone || bill.state || bill.rows));

class Store {
  constructor(shop, counter) {
    this.place = `${shop}/${counter}/`;
    this.late = false; // the disk let the last look for open bills wait in vain
  }

  id(key) {
    return OPEN + this.place + key;
  }

  /** Keeps the bill in both places. Answers true when it is on the disk, or where there is none, in localStorage. */
  async keep(bill) {
    const record = { ...bill, id: this.id(bill.key) };
    let here = false;
    try {
      localStorage.setItem(record.id, JSON.stringify(record));
      here = true;
    } catch { /* full or forbidden: the disk has it */ }
    return (await write(record)) || here;
  }

  /** The bill is paid or cancelled. A mark stays on the disk, so that a copy which a killed browser left behind cannot come back. */
  drop(key) {
    const id = this.id(key);
    try {
      localStorage.removeItem(id);
    } catch { /* nothing was kept there */ }
    letGo(id);
    return write({ id, key, rev: GONE, gone: Date.now() });
  }

  /** All open bills of this counter, oldest first; of two copies the newer. */
  async open() {
    const found = new Map();
    const take = (bill, id) => {
      if (id.startsWith(OPEN + this.place) && isWhole(bill) && bill.rev > (found.get(id)?.rev ?? -1)) found.set(id, { ...bill, id });
    };
    const answer = await onDisk("readonly", (bills) => bills.getAll());
    this.late = answer === LATE;
    const [onIt] = Array.isArray(answer) ? answer : [[]];
    for (const bill of onIt) take(newest.get(bill.id) ?? bill, bill.id);
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith(OPEN)) take(parsed(localStorage.getItem(name)), name);
    } catch { /* forbidden here */ }
    const bills = [...found.values()];
    for (const bill of bills) if (bill.gone) this.#forget(bill);
    return bills.filter((bill) => !bill.gone).sort((a, b) => a.opened - b.opened || (a.key < b.key ? -1 : 1));
  }

  /** Answers when a disk that was late can be read after all. */
  async answers() {
    for (;;) {
      await this.open();
      if (!this.late) return;
      if ((await connection) === LATE) connection = null;
      await new Promise((done) => { setTimeout(done, PAUSE); });
    }
  }

  #forget({ id, gone }) {
    try {
      localStorage.removeItem(id);
    } catch { /* nothing was kept there */ }
    if (gone < Date.now() - FORGET) onDisk("readwrite", (bills) => bills.delete(id));
  }

  read = async (key) => (await this.open()).find((bill) => bill.key === key) ?? null;

  /** The bill this window had at hand, else one that was at hand in a window which is gone; null for a fresh start. */
  async mine() {
    const bills = await this.open();
    const last = bills.find((bill) => bill.key === this.#last());
    if (last && (await this.hold(last.key, LEAVING))) return this.read(last.key);
    const left = bills.filter((bill) => bill !== last && !bill.aside).sort((a, b) => b.touched - a.touched);
    for (const bill of left) if (await this.hold(bill.key)) return this.read(bill.key);
    return null;
  }

  #last() {
    try {
      return sessionStorage.getItem(MINE + this.place);
    } catch {
      return null;
    }
  }

  /** This window has `key` at hand, now and after a reload. */
  atHand(key) {
    try {
      sessionStorage.setItem(MINE + this.place, key);
    } catch { /* a reload then looks for any bill that was at hand */ }
  }

  hold(key, patience) {
    return hold(this.id(key), patience);
  }

  letGo(key) {
    letGo(this.id(key));
  }

  /** The keys of `bills` that are at hand in another window. */
  async elsewhere(bills) {
    const held = await heldElsewhere(bills.map((bill) => this.id(bill.key)));
    return new Set(bills.filter((bill) => held.has(this.id(bill.key))).map((bill) => bill.key));
  }
}

export const storeOf = (shop, counter) => new Store(shop, counter);
