// Name and PIN by keys alone: a person's number or first letters choose them, digits after that are the PIN.
const fields = (box) => ({ people: [...box.querySelectorAll("[name=who]")], pin: box.querySelector("[name=pin]") });

/** Makes the fields in `form` quick by keys. `says(name)` tells what to do when digits come before a name. */
export function quicken(form, says = () => {}) {
  const box = form.querySelector("[data-pin-fields]");
  if (!box) return;
  const { people, pin } = fields(box);
  const chosen = () => people.find((one) => one.checked);
  const choose = (one) => {
    one.checked = true;
    pin.value = "";
    pin.focus();
  };
  box.addEventListener("change", (event) => { if (event.target.name === "who") pin.focus(); });
  box.addEventListener("keydown", (event) => {
    if (chosen() && people.length > 1 && !/^[a-z]$/i.test(event.key)) return;
    const hit = event.ctrlKey || event.altKey ? null : named(people, event.key);
    if (hit) choose(hit);
    else if (!chosen() && /^\d$/.test(event.key)) says("choose");
    else return;
    event.preventDefault();
  });
  (chosen() || people.length < 2 ? pin : people[0]).focus();
  if (!chosen() && people.length > 1) pin.focus();
}

/** The person a key means: their number in the list, or the first letter of one name only. */
function named(people, key) {
  if (/^[1-9]$/.test(key) && !people.some((one) => one.checked)) return people[Number(key) - 1] ?? null;
  const fits = people.filter((one) => nameOf(one).toLowerCase().startsWith(key.toLowerCase()));
  return /^\p{L}$/u.test(key) && fits.length === 1 ? fits[0] : null;
}

const nameOf = (one) => one.closest("label").querySelector("b").textContent.trim();
