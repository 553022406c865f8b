// Tiles below the bill: a press does what typing the code and Enter does, a "3*" that stands in the box included.
import { define } from "./keys.js";
import { submit } from "./scan.js";

const COUNT = /^\s*(?:[\d.]+\s*\*|₹?\s*[\d.]+\s*[*/])\s*$/; // "3*", "₹20*", "20/": what may stand before a code
const entry = document.getElementById("entry");
const tiles = document.getElementById("tiles");
const strip = document.getElementById("tile-strip");
const more = tiles?.querySelector("[data-act=tiles-all]");

define("tile", (button) => {
  const before = COUNT.test(entry.value) ? entry.value : "";
  entry.value = "";
  submit(before + button.dataset.tile, { pressed: true });
});

define("tiles-all", () => {
  const open = tiles.toggleAttribute("data-open");
  more.setAttribute("aria-expanded", String(open));
});

// One stop of the Tab key for all of them; left and right walk along.
strip?.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const all = [...strip.children];
  const next = by && all[all.indexOf(document.activeElement) + by];
  if (!next) return;
  event.preventDefault();
  all.forEach((tile) => { tile.tabIndex = tile === next ? 0 : -1; });
  next.focus();
});

if (strip) {
  new ResizeObserver(() => {
    more.hidden = !tiles.hasAttribute("data-open") && strip.scrollWidth <= strip.clientWidth;
  }).observe(strip);
}
