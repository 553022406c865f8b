// The lock screen: a name by its number, then the PIN. A scan that comes here is said to be lost, not typed as a PIN.
import { quicken } from "./pin.js";

const screen = document.getElementById("locked");
const form = screen.querySelector("form:has([data-pin-fields])");
const says = screen.querySelector("[data-pin-says]");
const say = (name) => { if (says) says.textContent = screen.dataset[name]; };

if (form) {
  quicken(form, say);
  form.addEventListener("submit", (event) => {
    const pin = form.elements.pin.value;
    if (!/^\d{8,}$/.test(pin)) return;
    event.preventDefault();
    form.elements.pin.value = "";
    say("scanned");
  });
}
