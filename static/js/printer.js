// A roll printer that takes ESC/POS bytes: by USB, by a serial or Bluetooth port, by an app on Android, or as a file. Knows no page.
// The browser asks once which printer may be used ("Connect the printer"); after that it is found again by itself.
const CHUNK = 4096;
const PATIENCE = 6000; // ms for one chunk: a printer without paper takes none
const BAUD = 9600; // what such printers are delivered with; USB and Bluetooth do not care
const KEPT = "kirana:printer"; // "usb" or "serial": so that a printer that is switched off is told from one that was never connected
const APP = "ru.a402d.rawbtprinter";

export const ways = { usb: "usb" in navigator, serial: "serial" in navigator };
const isAndroid = /Android/.test(navigator.userAgent);

function kept(way) {
  try {
    if (way) localStorage.setItem(KEPT, way);
    return localStorage.getItem(KEPT);
  } catch {
    return null; // no storage: the printer that is there is used
  }
}

/** Lets the person choose the printer; call it from a click. Rejects when nothing was chosen. */
export async function connect(way) {
  if (way === "serial") await navigator.serial.requestPort();
  else await navigator.usb.requestDevice({ filters: [{ classCode: 7 }] });
  kept(way);
}

/** True when bytes would go to a printer of this device without anybody choosing it. */
export const isConnected = async () => Boolean((await usbPrinter()) ?? (await serialPort()));

const usbPrinter = async () => (ways.usb ? (await navigator.usb.getDevices()).find(outOf) : undefined);
const serialPort = async () => (ways.serial ? (await navigator.serial.getPorts())[0] : undefined);

let tail = Promise.resolve();

/** Sends the bytes whole, after those sent before. → "usb", "serial", "app" or "file". Rejects when the printer does not take them. */
export function send(bytes, name = "receipt.bin") {
  const sent = tail.then(() => sendNow(bytes, name));
  tail = sent.catch(() => {});
  return sent;
}

async function sendNow(bytes, name) {
  const usb = await usbPrinter();
  if (usb) return overUsb(usb, bytes);
  const port = await serialPort();
  if (port && kept() !== "usb") return overSerial(port, bytes);
  if (kept()) throw new Error("the connected printer is not there");
  return isAndroid ? overApp(bytes) : asFile(bytes, name);
}

const within = (promise) => Promise.race([promise, new Promise((_, late) => setTimeout(() => late(new Error("no answer")), PATIENCE))]);

function* chunks(bytes) {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

// --- USB -----------------------------------------------------------------------------------------------------
/** The interface and endpoint that take the bytes, the printer's own before any other. */
function outOf(device) {
  const found = (device.configuration ?? device.configurations?.[0])?.interfaces.flatMap(({ interfaceNumber, alternates }) =>
    alternates.map((one) => ({ interfaceNumber, alternate: one, out: one.endpoints.find((e) => e.direction === "out" && e.type === "bulk") })));
  const able = found?.filter(({ out }) => out) ?? [];
  return able.find(({ alternate }) => alternate.interfaceClass === 7) ?? able[0];
}

async function overUsb(device, bytes) {
  try {
    if (!device.opened) await within(device.open());
    if (!device.configuration) await within(device.selectConfiguration(1));
    const { interfaceNumber, alternate, out } = outOf(device);
    await within(device.claimInterface(interfaceNumber));
    if (alternate.alternateSetting) await within(device.selectAlternateInterface(interfaceNumber, alternate.alternateSetting));
    for (const chunk of chunks(bytes)) {
      const { status } = await within(device.transferOut(out.endpointNumber, chunk));
      if (status !== "ok") throw new Error(status);
    }
    return "usb";
  } catch (error) {
    await device.close().catch(() => {}); // the next try begins afresh
    throw error;
  }
}

// --- serial and Bluetooth --------------------------------------------------------------------------------------
async function overSerial(port, bytes) {
  await within(port.open({ baudRate: BAUD }));
  const writer = port.writable.getWriter();
  try {
    for (const chunk of chunks(bytes)) await within(writer.write(chunk));
    await within(writer.close());
    return "serial";
  } finally {
    writer.releaseLock();
    await port.close().catch(() => {});
  }
}

// --- without a port --------------------------------------------------------------------------------------------
/** RawBT and its like print what an intent brings. */
function overApp(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  location.assign(`intent:base64,${btoa(text)}#Intent;scheme=rawbt;package=${APP};end;`);
  return "app";
}

function asFile(bytes, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return "file";
}
