// Scanning by the camera: a strip above the lines. What it reads goes the way of every scan; the bill, the sum and the keys stay in sight.
import { onCameras, openCamera } from "../camera/scan.js";
import { form } from "./bill.js";
import { define } from "./keys.js";
import { rupees } from "./money.js";
import { priceOf } from "./row.js";
import { submit } from "./scan.js";
import { isSideOpen } from "./side.js";
import { sayWord, word } from "./words.js";

const strip = document.getElementById("cam");
const button = strip.parentElement.querySelector(".cam-button");
const camera = openCamera(strip, {
  word,
  say: (name, kind) => sayWord(name, {}, kind),
  took: (text) => submit(text),
  covered: isSideOpen,
  changed: (on) => button.setAttribute("aria-pressed", String(on)),
});

form.addEventListener("line:added", ({ detail: { row } }) => camera.tell(word("camera-took", { name: row.dataset.name, price: rupees(priceOf(row)) })));
form.addEventListener("bill:paying", camera.stop);
define("camera", camera.toggle);
define("torch", camera.light);
onCameras((there) => (button.hidden = !there));
