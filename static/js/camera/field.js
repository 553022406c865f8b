// The camera for a scan field: a button with data-camera-for="id of the input" beside it, and _camera.html once on the page.
// Each code acts as if it were typed into the field and Enter pressed. "camera:took" on the document, with words, says what came of it.
import { toast } from "../toast.js";
import { onCameras, openCamera } from "./scan.js";

const strip = document.getElementById("camera-strip");
const word = (name) => strip.querySelector(`[data-word="${name}"]`).textContent;
const buttons = () => document.querySelectorAll("[data-camera-for]");
let field = ""; // id of the input that the codes go into
let there = false;

const camera = openCamera(strip, { word, say: (name, kind) => toast(word(name), kind), took: type, changed: dress });

function type(text) {
  const input = document.getElementById(field);
  if (!input) return camera.stop();
  input.value = text;
  const enter = new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true });
  if (input.dispatchEvent(enter)) input.form?.requestSubmit();
}

/** The buttons as they are to stand, those of a form that came anew too. */
function dress() {
  for (const button of buttons()) {
    button.hidden = !there;
    button.setAttribute("aria-pressed", String(camera.isOn() && button.dataset.cameraFor === field));
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-camera-for]");
  const act = target.closest("#camera-strip [data-act]")?.dataset.act;
  if (button) {
    const other = button.dataset.cameraFor !== field;
    field = button.dataset.cameraFor;
    if (other && camera.isOn()) dress();
    else camera.toggle();
  } else if (act === "torch") camera.light();
  else if (act === "camera") camera.stop();
});

document.addEventListener("camera:took", ({ detail }) => camera.tell(detail));
document.addEventListener("htmx:afterSettle", dress);
onCameras((found) => {
  there = found;
  dress();
});
