// The page's sentences, written by the server in its language, and the one message line.
const $ = (id) => document.getElementById(id);

const sentence = (name) => document.querySelector(`#words [data-word="${name}"]`);

/** The sentence `name`, its {marks} filled in. */
export function word(name, marks = {}) {
  const text = sentence(name)?.textContent ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, mark) => marks[mark] ?? whole);
}

const MARKS = { bad: "!", warn: "!", good: "✓", info: "i" };
const SOUNDS = { bad: "double", warn: "soft", good: "none", info: "none" };
// what the server refuses for other reasons than the goods themselves
const REFUSALS = { misread: "single", credit_limit: "single", needs_approval: "none" };

/** Say one sentence; it stays until the next act. kind: bad, warn, good, info; sound: double, single, soft, none. */
export function say(text, kind = "info", sound = SOUNDS[kind]) {
  const line = document.createElement("p");
  line.dataset.kind = kind;
  line.append(mark(kind), text);
  $("say").replaceChildren(line);
  sounds(sound);
}

const sounds = (sound) => document.dispatchEvent(new CustomEvent("counter:sound", { detail: { sound } }));
const soundOf = (line) => line.dataset.sound ?? REFUSALS[line.dataset.refused] ?? SOUNDS[line.dataset.kind];

/** Say what the server said: a fragment with [data-kind]. */
export function sayFragment(fragment) {
  const line = fragment.querySelector("[data-kind]");
  if (!line) return;
  line.prepend(mark(line.dataset.kind));
  $("say").replaceChildren(line);
  sounds(soundOf(line));
}

/** Say the sentence `name`; how it sounds may stand beside it in the page, as data-sound. */
export const sayWord = (name, marks, kind, sound = sentence(name)?.dataset.sound) => say(word(name, marks), kind, sound);
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
  if (!line || line.querySelector(".badge")) return;
  line.prepend(mark(line.dataset.kind));
  sounds(soundOf(line));
}
