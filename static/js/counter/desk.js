// The bill at hand and the open ones that wait in their tabs. Every change of the bill at hand is on this device in the task that draws
// it, and on its disk a moment later: form.dataset.kept is the last change (of form.dataset.rev) that even a power cut leaves.
import { customerName, form, rows, totals } from "./bill.js";
import { plain } from "./money.js";
import { difference, elements, isBlank, nothing, restore, selectedAt, snapshot, stepBack, taken, typed } from "./state.js";
import { newKey } from "./store.js";
import { tell } from "./windows.js";
import { sayWord } from "./words.js";

const MOST_STEPS = 20;
let store = null;
let before = nothing(); // the bill's state as it was kept last
let kept = started();
let wake = null;
let turning = false;

/** What is kept of a bill besides its state. aside: in no window's hands; held: since when, by F3; sent: how it was paid, unanswered. */
function started() {
  return { rev: 0, opened: Date.now(), touched: Date.now(), aside: false, held: null, sent: null, refused: "", undo: [], redo: [] };
}

/** To the till's log. */
export const note = (kind, what) => document.dispatchEvent(new CustomEvent("till:note", { detail: { kind, ...what } }));

const key = () => form.elements.key.value;
const told = (name, detail = {}) => form.dispatchEvent(new CustomEvent(name, { detail }));

/** Another bill is at hand. Whoever has to do something with it before anything else may happen to it adds a promise to `waits`. */
function opened() {
  const waits = [];
  told("bill:opened", { waits });
  told("desk:changed");
  return Promise.all(waits);
}

/** The bill at hand, for its tab. */
export function atHand() {
  return { ...kept, key: key(), name: customerName(), count: rows().length, total: plain(totals().total) };
}

/** The other open bills of this counter, `elsewhere` when another window has it at hand; null before any bill is. */
export async function waiting() {
  if (!store) return null;
  const bills = (await store.open()).filter((bill) => bill.key !== key());
  const elsewhere = await store.elsewhere(bills);
  return bills.map((bill) => ({ ...bill, elsewhere: elsewhere.has(bill.key) }));
}

// --- keeping ---------------------------------------------------------------------------------------------------
form.addEventListener("bill:changed", () => store && changed());
form.addEventListener("input", ({ target }) => store && target.closest("#panel") && keep());

function changed() {
  const now = snapshot();
  const step = stepBack(before, now);
  if (step) {
    noteRemoved(before, now, "removed");
    if (!isTheWeight(step)) kept.undo = [...kept.undo, step].slice(-MOST_STEPS);
    kept.redo = [];
    Object.assign(kept, { held: null, refused: "" });
  }
  before = now;
  keep();
}

/** Loose goods and the weight they waited for are one step back. */
function isTheWeight({ at, gone, fresh }) {
  const top = kept.undo.at(-1);
  return gone === 1 && fresh.length === 1 && elements(fresh)[0].classList.contains("await") && top?.at === at && top.gone === 1 && !top.fresh.length;
}

/** Writes the bill at hand to both places; answers true once it is on the disk. */
async function keep() {
  kept.rev += 1;
  kept.touched = Date.now();
  form.dataset.rev = kept.rev;
  const bill = { ...atHand(), state: { ...before, sel: selectedAt() }, typed: typed() };
  const writing = store.keep(bill);
  told("bill:keeping", { key: bill.key, rev: bill.rev });
  tell();
  const safe = await writing;
  if (bill.key !== key()) return safe;
  if (!safe) sayWord("not-kept", {}, "bad");
  form.dataset.kept = Math.max(bill.rev, Number(form.dataset.kept));
  told("bill:kept", { key: bill.key, rev: bill.rev, safe });
  return safe;
}

/** Lines that left the bill go into the till's log, whatever took them off. */
function noteRemoved(from, to, how) {
  const { at, gone, fresh } = difference(from.rows, to.rows);
  if (gone <= fresh.length) return;
  const product = (row) => row.querySelector("[name=line-product]").value;
  const stayed = elements(fresh).map(product);
  for (const row of elements(from.rows.slice(at, at + gone))) {
    const line = lineOf(row);
    if (!stayed.includes(product(row)) && Number(line.amount)) note("line_removed", { request_key: key(), amount: line.amount, details: { ...line, how } });
  }
}

/** A line in words, for the log: its amount in rupees. */
export function lineOf(row) {
  const amount = row.querySelector(".amount b").textContent.replace(/[^\d.-]/g, "");
  return { name: row.dataset.name, quantity: row.querySelector(".qty").getAttribute("value"), unit: row.dataset.unit, amount };
}

// --- undo ------------------------------------------------------------------------------------------------------
export const undo = () => stepTo("undo", "redo");
export const redo = () => stepTo("redo", "undo");

/** Takes one step of the bill's history. Answers { gone, came, fields }: the rows that went and came; null when there is none. */
function stepTo(from, to) {
  const step = kept[from].at(-1);
  if (!step) return null;
  const target = taken(step, before);
  const gone = elements(before.rows.slice(step.at, step.at + step.gone));
  kept[from] = kept[from].slice(0, -1);
  kept[to] = [...kept[to], stepBack(before, target)].filter(Boolean).slice(-MOST_STEPS);
  noteRemoved(before, target, from);
  restore(target, typed());
  before = snapshot();
  Object.assign(kept, { held: null, refused: "" });
  told("bill:changed");
  return { gone, came: elements(step.fresh), fields: Object.keys(step.fields) };
}

// --- from hand to hand -----------------------------------------------------------------------------------------
/** Opens the bill this window had, else one that a window which is gone had at hand, else a new one. */
export async function open(place) {
  store = place;
  if (await pickUp()) return;
  begin(rows().length > 0);
  if (store.late) sayLate();
  told("desk:changed");
}

async function pickUp() {
  const bill = rows().length ? null : await store.mine();
  if (!bill) return false;
  lay(bill);
  if (!bill.sent && !bill.refused && rows().length) sayWord("restored", {}, "info");
  await opened();
  return true;
}

function sayLate() {
  form.dataset.disk = "late";
  sayWord("disk-late", {}, "warn");
}

/** The disk was too late for open() and answers now: what it kept comes to hand, or into the tabs when a bill was begun meanwhile. */
export async function openLate() {
  delete form.dataset.disk;
  if (isBlank()) {
    await putDown();
    if (await pickUp()) return;
    begin();
  } else if ((await waiting()).length) sayWord("disk-back", {}, "info");
  told("desk:changed");
}

/** Brings the bill under `wanted` to hand; the one at hand goes into its tab. False when it cannot be had. */
export async function takeUp(wanted) {
  if (wanted === key()) return true;
  const free = await store.hold(wanted);
  const bill = free && (await store.read(wanted));
  if (bill) {
    await putDown();
    lay(bill);
    await opened();
  } else {
    if (free) store.letGo(wanted);
    told("desk:changed");
    sayWord(free ? "bill-gone" : "bill-elsewhere", {}, "warn");
  }
  return Boolean(bill);
}

/** The bill at hand waits in its tab from now on, an empty one is at hand. `held`: marked with the time. */
export async function setAside(held) {
  await putDown(held);
  begin();
  await opened();
}

async function putDown(held = false) {
  const old = key();
  if (isBlank()) return kept.rev ? store.drop(old) : store.letGo(old);
  kept.aside = true;
  if (held) kept.held ??= Date.now();
  await keep();
  return store.letGo(old);
}

function lay(bill) {
  kept = Object.fromEntries(Object.entries(started()).map(([name, value]) => [name, bill[name] ?? value]));
  kept.aside = false;
  take(bill.key);
  restore(nothing()); // no row of one bill becomes a row of another
  restore(bill.state ?? older(bill), bill.typed);
  before = snapshot();
  keep();
  if (kept.refused) sayWord("was-refused", { reason: kept.refused }, "bad");
  else if (kept.sent) sayWord("sent", {}, "warn");
}

/** As the first release kept it. */
const older = ({ rows: html, customer = "" }) => ({ rows: elements([html]).map((row) => row.outerHTML), sel: -1, fields: { customer } });

/** A new bill with a new request key; `given`: with the lines a page without JavaScript posted. */
function begin(given = false) {
  kept = started();
  take(newKey());
  store.hold(key());
  before = nothing();
  if (given) return changed();
  restore(before);
  before = snapshot();
  return undefined;
}

function take(itsKey) {
  form.elements.key.value = itsKey;
  store.atHand(itsKey);
  document.getElementById("last").hidden = true;
  Object.assign(form.dataset, { rev: kept.rev, kept: kept.rev });
  turning = false;
}

/** The bill at hand is paid or cancelled: it is let go here, and a new one is at hand at once. Answers when even the disk knows. */
export function startNew() {
  const gone = store.drop(key());
  begin();
  told("desk:changed");
  tell();
  return gone;
}

// --- sent and not answered -----------------------------------------------------------------------------------------
/** How the bill was paid when it was sent and not answered yet; null for a bill that may be changed. */
export const isSent = () => kept.sent;

/** Once sent, nothing may change on it until the server has said what became of it. Answers when the disk knows: send it then, not before. */
export function markSent(how) {
  if (!how && kept.sent) kept.refused = document.getElementById("say").textContent.trim();
  kept.sent = how;
  return keep();
}

/** Waits `wait` ms to ask the server again; true at once when the cashier turns to another bill: this one waits in its tab then. */
export function asksToLeave(wait) {
  if (turning) return Promise.resolve(true);
  return new Promise((done) => {
    const timer = setTimeout(done, wait, false);
    wake = () => { clearTimeout(timer); done(true); };
  }).finally(() => { wake = null; });
}

/** The cashier wants another bill at hand. */
export function turnAway() {
  turning = Boolean(kept.sent);
  wake?.();
}

addEventListener("beforeunload", (event) => kept.sent && event.preventDefault());
addEventListener("pagehide", tell);
addEventListener("pageshow", (event) => event.persisted && location.reload()); // what Back brings may be old: the copy here is not
