// One line that says what happened, at the edge of the screen. Bad news stays longer, until the next thing works.
const STAYS = 5000;
const BAD_STAYS = 20000;
const region = () => document.getElementById("toasts");

function dress(toast) {
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "✕";
  close.setAttribute("aria-label", region().dataset.close);
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 1000); // still being read
    else toast.remove();
  };
  setTimeout(leave, toast.matches(".bad, .warn") ? BAD_STAYS : STAYS);
}

/** Show `text`; kind is "good", "info", "warn" or "bad". The same text is not shown twice at once. */
export function toast(text, kind = "good") {
  if ([...region().children].some((other) => other.firstElementChild?.textContent === text)) return;
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  if (kind === "bad") box.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  region().append(box);
  dress(box);
}

/** A sentence of the page's own language, kept on the region by base.html. */
export const sentence = (name) => region().dataset[name];

/** Something worked: what failed before it is no longer news. */
export const clearBad = () => region().querySelectorAll(".toast.bad").forEach((toast) => toast.remove());

export const dressAll = () => region().querySelectorAll(".toast").forEach(dress);
