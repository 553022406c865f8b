// Small behaviours every page has, bound by data attributes. A page's own module stands beside this one.
//   data-theme-set="dark"       colours; "" follows the device
//   data-confirm="Question?"    on a form, a link or a button: asks first (also before an htmx request)
//   data-copy="text"            copies the text; data-copy-from="#id" copies that element's
//   data-print                  prints the page
//   data-opens="id"             opens that <dialog>; data-closes closes the one it is in
//   data-search                 what the / key goes to (else the first search box)
//   data-again                  on a form: may be sent twice (downloads)
//   data-share-text="words"     on a [data-share] button: the phone's share sheet (share.js)
import { ask } from "./ask.js";
import "./share.js";
import { clearBad, dressAll, sentence, toast } from "./toast.js";

const root = document.documentElement;

// --- colours -------------------------------------------------------------------------------------------------
function showTheme() {
  const now = root.dataset.theme ?? "";
  document.querySelectorAll("[data-theme-set]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeSet === now)));
}

function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    localStorage.setItem("theme", theme);
  } catch { /* no storage: until the next page */ }
  showTheme();
}

// --- clicks --------------------------------------------------------------------------------------------------
async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast(sentence("copied"));
  } catch {
    toast(words, "info"); // no clipboard on plain http: show it, so that it can be marked
  }
}

const source = (from) => {
  const element = document.querySelector(from);
  return element.value ?? element.textContent.trim();
};

document.addEventListener("click", async (event) => {
  const on = (selector) => event.target.closest(selector);
  closeMenus(on(".menu"));
  let hit;
  if ((hit = on("[data-theme-set]"))) setTheme(hit.dataset.themeSet);
  else if ((hit = on("[data-copy], [data-copy-from]"))) copy(hit.dataset.copy ?? source(hit.dataset.copyFrom));
  else if (on("[data-print]")) print();
  else if ((hit = on("[data-opens]"))) document.getElementById(hit.dataset.opens).showModal();
  else if ((hit = on("[data-closes]"))) hit.closest("dialog").close();
  else if ((hit = on("a[data-confirm]")) && !byHtmx(hit)) {
    event.preventDefault();
    if (await ask(hit)) location.assign(hit.href);
  }
});

function closeMenus(but) {
  document.querySelectorAll(".menu[open]").forEach((menu) => menu === but || menu.removeAttribute("open"));
}

// --- forms: ask first, send once -----------------------------------------------------------------------------
const byHtmx = (element) => element.matches("[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]");
const sure = new WeakSet();
const FREE_AGAIN = 10000;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (byHtmx(form) || form.method === "dialog") return;
  const asking = event.submitter?.closest("[data-confirm]") ?? (form.dataset.confirm ? form : null);
  if (asking && !sure.has(form)) {
    event.preventDefault();
    if (!(await ask(asking))) return;
    sure.add(form);
    form.requestSubmit(event.submitter);
    return;
  }
  sure.delete(form);
  if (form.method !== "post" || "again" in form.dataset) return;
  if ("sent" in form.dataset) event.preventDefault();
  else hold(form);
});

function hold(form) {
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, FREE_AGAIN); // the answer was a file, or never came
}

addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// --- htmx: ask first, send once, say what failed ------------------------------------------------------------
// htmx would queue a second press and send it after the first; for a form that changes something it is dropped here.
document.addEventListener("htmx:confirm", async (event) => {
  const { elt, verb, triggeringEvent, issueRequest } = event.detail;
  const once = verb !== "get" && elt.matches("form") && !("again" in elt.dataset);
  if (once && "sent" in elt.dataset) return event.preventDefault();
  const asking = triggeringEvent?.submitter?.closest("[data-confirm]") ?? (elt.matches("[data-confirm]") ? elt : null);
  if (!asking) return;
  event.preventDefault();
  if (await ask(asking)) issueRequest(true);
});

document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
  if (requestConfig.verb !== "get" && elt.matches("form")) elt.dataset.sent = "";
});
document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  delete elt.dataset.sent;
  if (successful) clearBad();
});

const WORDS = { 403: "refused", 404: "gone", 410: "gone", 429: "often" };
document.addEventListener("htmx:responseError", (event) => toast(sentence(WORDS[event.detail.xhr.status] ?? "failed"), "bad"));
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => toast(sentence("failed"), "bad"));

// The server says {"toast": {"text": "Saved", "kind": "good"}} in HX-Trigger, or just {"toast": "Saved"}.
document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.kind));

// --- keys ----------------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector(".menu[open]");
    menu?.removeAttribute("open");
    menu?.querySelector("summary").focus();
  }
  const typing = event.target.closest?.("input, select, textarea, [contenteditable], dialog");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("[data-search]") ?? document.querySelector("main input[type=search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

showTheme();
dressAll();
