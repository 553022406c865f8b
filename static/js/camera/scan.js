// A strip with the camera's picture that reads codes: the counter and every page with a scan field use it. What a code does is the page's.
import { Lockout } from "./lockout.js";
import { openReader } from "./reader.js";

const PAUSE = 90; // ms between two looks, and at least twice what the last one took: the phone stays free for everything else
const IDLE = 60000; // ms without a code after which the camera rests
const WIDEST = 960; // pixels of the picture that are read; what a look costs is bounded by it
const WANTED = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } };
const REASONS = { NotAllowedError: "camera-refused", NotFoundError: "camera-none", NotReadableError: "camera-busy" };

/**
 * → { toggle, stop, light, tell, isOn } of the strip, which holds a video, [data-act=torch] and [data-cam-last].
 * word(name) → the page's sentence; say(name, kind) shows one; took(text) does what a code does; covered() is true while nothing is to be read.
 */
export function openCamera(strip, { word, say, took, covered = () => false, changed = () => {} }) {
  const video = strip.querySelector("video");
  const torch = strip.querySelector("[data-act=torch]");
  const last = strip.querySelector("[data-cam-last]");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let run = null; // { stream, reader, codes, timer, used } while the camera is on

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
      return say(REASONS[error.name] ?? "camera-fails", "bad");
    }
    if (run !== mine) return release(mine); // it was switched off meanwhile
    const [track] = mine.stream.getVideoTracks();
    track.addEventListener("ended", stop);
    torch.hidden = !track.getCapabilities?.().torch;
    show(word("camera-aim"));
    return look();
  }

  function show(text) {
    strip.hidden = false;
    last.textContent = text;
    document.body.dataset.camera = "";
    changed(true);
  }

  function stop() {
    if (!run) return;
    clearTimeout(run.timer);
    release(run);
    run = null;
    video.srcObject = null;
    strip.hidden = torch.hidden = true;
    torch.setAttribute("aria-pressed", "false");
    delete document.body.dataset.camera;
    changed(false);
  }

  /** One look at the picture, then the next: never two at a time. */
  async function look() {
    const mine = run;
    const began = performance.now();
    if (isInSight()) {
      const found = await mine.reader.read(canvas).catch(() => []);
      if (run !== mine) return;
      for (const text of mine.codes.take(found, began)) heard(text, began);
    }
    if (began - mine.used > IDLE) {
      stop();
      return say("camera-rests", "info");
    }
    mine.timer = setTimeout(look, Math.max(PAUSE, 2 * (performance.now() - began)));
  }

  /** What the strip shows goes onto the canvas, no bigger than WIDEST; false when there is nothing to read. */
  function isInSight() {
    const { videoWidth, videoHeight, clientWidth, clientHeight } = video;
    if (video.readyState < video.HAVE_CURRENT_DATA || !clientWidth || covered()) return false;
    const scale = Math.max(clientWidth / videoWidth, clientHeight / videoHeight);
    const [width, height] = [clientWidth / scale, clientHeight / scale];
    const fit = Math.min(1, WIDEST / width);
    canvas.width = Math.round(width * fit);
    canvas.height = Math.round(height * fit);
    context.drawImage(video, (videoWidth - width) / 2, (videoHeight - height) / 2, width, height, 0, 0, canvas.width, canvas.height);
    return true;
  }

  function heard(text, at) {
    run.used = at;
    last.textContent = text;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(40);
    took(text);
  }

  async function light() {
    const lit = torch.getAttribute("aria-pressed") !== "true";
    const [track] = run?.stream?.getVideoTracks() ?? [];
    await track?.applyConstraints({ advanced: [{ torch: lit }] }).then(() => torch.setAttribute("aria-pressed", String(lit)), () => {});
  }

  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
  addEventListener("pagehide", stop);
  const tell = (text) => { if (run) last.textContent = text; };
  return { toggle: () => (run ? stop() : start()), stop, light, tell, isOn: () => Boolean(run) };
}

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

/** Calls offer(there) now and when a camera comes or goes; a browser gives cameras to pages by https or on the device itself only. */
export function onCameras(offer) {
  const look = async () => {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
    offer(Boolean(navigator.mediaDevices?.getUserMedia) && devices.some((device) => device.kind === "videoinput"));
  };
  navigator.mediaDevices?.addEventListener?.("devicechange", look);
  look();
}
