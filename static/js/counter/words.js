// The page's sentences, written by the server in its language, and the one message line.
const $ = (id) => document.getElementById(id);

/** The sentence `name`, its {marks} filled in. */
export function word(name, marks = {}) {
  const text = document.querySelector(`#words [data-word="${name}"]`)?.textContent ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, mark) => marks[mark] ?? whole);
}

const MARKS = { bad: "!", warn: "!", good: "✓", info: "i" };

/** Say one sentence; it stays until the next act. kind: bad, warn, good, info. */
export function say(text, kind = "info") {
  const line = document.createElement("p");
  line.dataset.kind = kind;
  line.append(mark(kind), text);
  $("say").replaceChildren(line);
}

/** Say what the server said: a fragment with [data-kind]. */
export function sayFragment(fragment) {
  const line = fragment.querySelector("[data-kind]");
  if (!line) return;
  line.prepend(mark(line.dataset.kind));
  $("say").replaceChildren(line);
}

export const sayWord = (name, marks, kind) => say(word(name, marks), kind);
export const hush = () => $("say").replaceChildren();

function mark(kind) {
  const badge = document.createElement("span");
  badge.className = `badge ${kind}`;
  badge.textContent = MARKS[kind];
  badge.setAttribute("aria-hidden", "true");
  return badge;
}

/** A fragment that htmx put into the message line itself gets its mark here. */
export function dressSaid() {
  const line = $("say").querySelector("[data-kind]");
  if (line && !line.querySelector(".badge")) line.prepend(mark(line.dataset.kind));
}
