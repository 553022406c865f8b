// How this device stands with the server, in the top bar: reached or not, what waits for its answer, what needs somebody, how much room is
// left here. Nothing is asked for that: the counter's own requests tell. Only while none gets through a small question is sent now and then.
import { form } from "./bill.js";
import * as desk from "./desk.js";
import { define } from "./keys.js";
import { make } from "./make.js";
import { paise, rupees } from "./money.js";
import { enqueue } from "./queue.js";
import { room, watchRoom } from "./room.js";
import { openSide } from "./side.js";
import { onTold } from "./windows.js";
import { sayWord, word } from "./words.js";

const badge = document.getElementById("online");
const LONG = 400; // ms a bill may be on its way before the bar says so
const PROBES = [3000, 5000, 10000, 20000, 30000]; // ms between questions while nothing gets through
const CUT = new Set([0, 502, 503, 504]); // nothing, or a gateway with nothing behind it
let others = [];
let reached = true;
let isLong = false;
let low = null;
let probe = null;
let probes = 0;
let told;

// --- what is so ------------------------------------------------------------------------------------------------
function bills() {
  const mine = desk.atHand();
  return [...others.filter((bill) => bill.key !== mine.key), { ...mine, sent: isLong && mine.sent }]; // a bill just being paid does not wait
}

const unanswered = () => bills().filter((bill) => bill.sent);
const refused = () => bills().filter((bill) => bill.refused);
const isOnline = () => navigator.onLine && reached;

/** → [state, kind, words]: what the bar says. */
function standing() {
  const [count, stuck] = [unanswered().length, refused().length];
  const waiting = word("link-waiting", { count });
  if (!isOnline()) return ["offline", "bad", [word("link-offline"), waiting, ...more(stuck)]];
  if (isLong && count) return ["sending", "warn", [word("link-sending", { count: 1, all: count }), ...more(stuck)]];
  if (stuck) return ["attention", "bad", [word("link-online"), ...more(stuck)]];
  if (low) return ["storage", "warn", [word("link-online"), ...more(stuck)]];
  return ["online", "good", [word("link-online"), waiting]];
}

function more(stuck) {
  return [stuck && word("link-attention", { count: stuck }), low && word("link-storage")].filter(Boolean);
}

function show() {
  const [state, kind, [first, ...rest]] = standing();
  if (badge.textContent.trim() === [first, ...rest].join(", ")) return;
  badge.dataset.state = state;
  badge.className = `badge ${kind} link`;
  const marks = rest.map((text) => make("span", {}, `, ${text}`));
  badge.querySelector("[data-link]").replaceChildren(make("b", {}, first), ...marks);
}

async function refresh() {
  others = (await desk.waiting()) ?? [];
  show();
}

// --- hearing how requests fare ------------------------------------------------------------------------------------
function heard(isThrough) {
  if (isThrough) stopAsking();
  else if (reached) askLater();
  if (reached === isThrough) return;
  reached = isThrough;
  show();
}

for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => heard(false), { capture: true });
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const status = detail.xhr?.status ?? 0;
  if (status) heard(!CUT.has(status));
});

function askLater() {
  clearTimeout(probe);
  probe = setTimeout(async () => {
    const status = await fetch(badge.dataset.probe, { cache: "no-store" }).then((answer) => answer.status, () => 0);
    if (!CUT.has(status)) return heard(true);
    probes += 1;
    return askLater();
  }, PROBES[Math.min(probes, PROBES.length - 1)]);
}

function stopAsking() {
  clearTimeout(probe);
  probes = 0;
}

addEventListener("offline", show);
addEventListener("online", () => {
  probes = 0;
  if (!reached) askLater();
  show();
});

// --- what waits -----------------------------------------------------------------------------------------------
form.addEventListener("desk:changed", refresh);
form.addEventListener("bill:keeping", show);
addEventListener("focus", refresh);
onTold(() => {
  clearTimeout(told);
  told = setTimeout(refresh, 300);
});

new MutationObserver(() => {
  const isSending = "sending" in document.body.dataset;
  if (!isSending) isLong = false;
  else setTimeout(() => { isLong = "sending" in document.body.dataset; show(); }, LONG);
  show();
}).observe(document.body, { attributeFilter: ["data-sending"] });

function openList() {
  const stuck = [...refused(), ...unanswered().filter((bill) => !bill.refused)];
  const list = make("ul", { class: "picks" }, ...stuck.map((bill) => make("li", {}, entry(bill))));
  const left = room();
  const lines = [
    make("p", { class: "link-state" }, badge.querySelector("[data-link] b").textContent, ". ", word(isOnline() ? "link-why-online" : "link-why-offline")),
    stuck.length ? list : make("p", { class: "muted" }, word("link-none")),
    ...(left ? [make("p", { class: low ? "note warn" : "small muted" }, make("span", {}, word(low ? "link-room-low" : "link-room", left)))] : []),
  ];
  return openSide([make("div", { class: "link-list" }, ...lines)], { label: word("link-label") });
}

function entry(bill) {
  const time = new Date(bill.touched).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kolkata" });
  const name = bill.name || word("tab-bill");
  const why = bill.refused ? word("link-refused", { reason: bill.refused }) : word("link-sent", { time });
  const marks = { type: "button", class: "pick waits", "data-act": "open-bill", "data-bill": bill.key };
  return make("button", marks, make("b", {}, name), make("span", { class: "money" }, rupees(paise(bill.total) ?? 0n)), make("small", {}, why));
}

// --- room on this device ----------------------------------------------------------------------------------------
watchRoom((found) => {
  const wasLow = low;
  low = found.isLow ? found : null;
  show();
  if (!low || wasLow) return;
  enqueue(() => {
    const count = unanswered().length;
    sayWord(["storage-low-none", "storage-low-one"][count] ?? "storage-low", { count, bills: found.bills }, "warn", "single");
  });
});

define("connection", openList);
show();
