// What the counter sounds like, and how it feels in the hand of whoever holds the phone: short tones made here, no files. A sound can be
// switched off on this device; the phone's short shakes stay.
import { define } from "./keys.js";
import { sayWord } from "./words.js";

const MUTED = "kirana:muted";
// [hertz, from, for]: seconds. A good scan is high and short; what stops the cashier is low, and cannot be taken for the other.
const SOUNDS = {
  good: { wave: "sine", loud: 0.22, tones: [[1568, 0, 0.07]], shake: 30 },
  soft: { wave: "sine", loud: 0.1, tones: [[523, 0, 0.12]], shake: 20 },
  single: { wave: "square", loud: 0.12, tones: [[247, 0, 0.22]], shake: 120 },
  double: { wave: "square", loud: 0.12, tones: [[247, 0, 0.13], [196, 0.18, 0.2]], shake: [90, 60, 120] },
};
const GRAVITY = ["none", "good", "soft", "single", "double"];
const SOFTEN = 0.006; // seconds a tone takes to rise and to fall, so that it does not click
const hand = matchMedia("(pointer: coarse)");
let audio = null;
let next = "none";

/** Asks for a sound. Of all that is asked for in one task only the gravest is heard: a line that came with a warning warns. */
export function sound(name) {
  if (next === "none") queueMicrotask(ring);
  if (GRAVITY.indexOf(name) > GRAVITY.indexOf(next)) next = name;
}

function ring() {
  const made = SOUNDS[next];
  next = "none";
  if (!made) return;
  const isFelt = made === SOUNDS.good && "camera" in document.body.dataset; // the camera shook when it read the code
  if (hand.matches && !isFelt && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(made.shake);
  if (!audio || isMuted()) return;
  for (const tone of made.tones) play(made, tone);
}

function play({ wave, loud }, [hertz, from, length]) {
  const start = audio.currentTime + from;
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.type = wave;
  source.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loud, start + SOFTEN);
  volume.gain.setValueAtTime(loud, start + length - SOFTEN);
  volume.gain.linearRampToValueAtTime(0, start + length);
  source.connect(volume).connect(audio.destination);
  source.start(start);
  source.stop(start + length);
}

// --- the browser lets a page sound once somebody has pressed something on it ---------------------------------------
function wake() {
  if (isMuted() || !globalThis.AudioContext) return;
  audio ??= new AudioContext({ latencyHint: "interactive" });
  if (audio.state !== "running") audio.resume();
}

for (const gesture of ["keydown", "pointerup"]) addEventListener(gesture, wake, { capture: true });
document.addEventListener("visibilitychange", () => { if (document.hidden && audio?.state === "running") audio.suspend(); });

// --- sound on, sound off --------------------------------------------------------------------------------------
function isMuted() {
  return document.documentElement.hasAttribute("data-muted");
}

function kept() {
  try {
    return localStorage.getItem(MUTED) !== null;
  } catch {
    return false;
  }
}

function keep(muted) {
  try {
    if (muted) localStorage.setItem(MUTED, "");
    else localStorage.removeItem(MUTED);
  } catch { /* then it is so until the page is left */ }
}

function show(muted) {
  document.documentElement.toggleAttribute("data-muted", muted);
  for (const button of document.querySelectorAll("[data-act=mute]")) button.setAttribute("aria-pressed", String(muted));
}

define("mute", () => {
  const muted = !isMuted();
  show(muted);
  keep(muted);
  sayWord(muted ? "sound-off" : "sound-on", {}, "info");
  if (muted) return;
  wake();
  sound("good");
}, ["Alt+m"]);

show(kept());
document.addEventListener("counter:sound", ({ detail }) => sound(detail.sound));
document.getElementById("bill").addEventListener("line:added", () => sound("good"));
