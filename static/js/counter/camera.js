// Scanning by the camera: a strip above the lines. What it reads goes the way of every scan; the bill, the sum and the keys stay in sight.
import { form } from "./bill.js";
import { define } from "./keys.js";
import { Lockout } from "./lockout.js";
import { rupees } from "./money.js";
import { openReader } from "./reader.js";
import { priceOf } from "./row.js";
import { submit } from "./scan.js";
import { isSideOpen } from "./side.js";
import { sayWord, word } from "./words.js";

const PAUSE = 90; // ms between two looks, and at least twice what the last one took: the phone stays free for everything else
const IDLE = 60000; // ms without a code after which the camera rests
const WIDEST = 960; // pixels of the picture that are read; what a look costs is bounded by it
const WANTED = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } };
const strip = document.getElementById("cam");
const button = strip.parentElement.querySelector(".cam-button");
const video = strip.querySelector("video");
const torch = strip.querySelector("[data-act=torch]");
const last = strip.querySelector("[data-cam-last]");
const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true });
let run = null; // { stream, reader, codes, timer, used } while the camera is on

// --- on and off -------------------------------------------------------------------------------------------------
async function start() {
  const mine = (run = { codes: new Lockout(), used: performance.now() });
  show(word("camera-starts"));
  try {
    [mine.stream, mine.reader] = await both(navigator.mediaDevices.getUserMedia(WANTED), openReader(strip.dataset.reader));
    video.srcObject = mine.stream;
    await video.play();
  } catch (error) {
    if (run === mine) stop();
    else release(mine);
    return sayWord(REASONS[error.name] ?? "camera-fails", {}, "bad");
  }
  if (run !== mine) return release(mine); // it was switched off meanwhile
  const [track] = mine.stream.getVideoTracks();
  track.addEventListener("ended", stop);
  torch.hidden = !track.getCapabilities?.().torch;
  show(word("camera-aim"));
  return look();
}

const REASONS = { NotAllowedError: "camera-refused", NotFoundError: "camera-none", NotReadableError: "camera-busy" };

/** Both at once; should one fail, a camera that opened is closed again. */
async function both(opening, reading) {
  try {
    return await Promise.all([opening, reading]);
  } catch (error) {
    opening.then((stream) => release({ stream }), () => {});
    throw error;
  }
}

const release = ({ stream }) => stream?.getTracks().forEach((track) => track.stop());

function show(text) {
  strip.hidden = false;
  last.textContent = text;
  button.setAttribute("aria-pressed", "true");
  document.body.dataset.camera = "";
}

function stop() {
  if (!run) return;
  clearTimeout(run.timer);
  release(run);
  run = null;
  video.srcObject = null;
  strip.hidden = torch.hidden = true;
  torch.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", "false");
  delete document.body.dataset.camera;
}

// --- looking ----------------------------------------------------------------------------------------------------
/** One look at the picture, then the next: never two at a time. */
async function look() {
  const mine = run;
  const began = performance.now();
  if (isInSight()) {
    const found = await mine.reader.read(canvas).catch(() => []);
    if (run !== mine) return;
    for (const text of mine.codes.take(found, began)) took(text, began);
  }
  if (began - mine.used > IDLE) {
    stop();
    return sayWord("camera-rests", {}, "info");
  }
  mine.timer = setTimeout(look, Math.max(PAUSE, 2 * (performance.now() - began)));
}

/** What the strip shows goes onto the canvas, no bigger than WIDEST; false when there is nothing to read. */
function isInSight() {
  const { videoWidth, videoHeight, clientWidth, clientHeight } = video;
  if (video.readyState < video.HAVE_CURRENT_DATA || !clientWidth || isSideOpen()) return false;
  const scale = Math.max(clientWidth / videoWidth, clientHeight / videoHeight);
  const [width, height] = [clientWidth / scale, clientHeight / scale];
  const fit = Math.min(1, WIDEST / width);
  canvas.width = Math.round(width * fit);
  canvas.height = Math.round(height * fit);
  context.drawImage(video, (videoWidth - width) / 2, (videoHeight - height) / 2, width, height, 0, 0, canvas.width, canvas.height);
  return true;
}

function took(text, at) {
  run.used = at;
  last.textContent = text;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(40);
  submit(text);
}

form.addEventListener("line:added", ({ detail: { row } }) => {
  if (run) last.textContent = word("camera-took", { name: row.dataset.name, price: rupees(priceOf(row)) });
});

// --- buttons ----------------------------------------------------------------------------------------------------
define("camera", () => (run ? stop() : start()));
define("torch", async () => {
  const lit = torch.getAttribute("aria-pressed") !== "true";
  const [track] = run?.stream?.getVideoTracks() ?? [];
  await track?.applyConstraints({ advanced: [{ torch: lit }] }).then(() => torch.setAttribute("aria-pressed", String(lit)), () => {});
});

form.addEventListener("bill:paying", stop);
document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
addEventListener("pagehide", stop);

/** The button is there where a camera is; a browser gives cameras to pages by https or on the device itself only. */
async function offer() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  button.hidden = !navigator.mediaDevices?.getUserMedia || !devices.some((device) => device.kind === "videoinput");
}

navigator.mediaDevices?.addEventListener?.("devicechange", offer);
offer();
