// Reads barcodes out of a picture: by the browser itself where it can, else by the vendored reader, which is loaded only then.
const FORMATS = ["ean_13", "ean_8", "upc_a", "code_128", "qr_code"];
const SURE = new Set(["ean_13", "ean_8", "upc_a", "qr_code"]); // these carry a check of their own that a misreading rarely passes
const TRY_HARDER = 3; // the vendored reader's hint of that name

/** → { read(canvas) → Promise of [{ text, sure }] }. Throws when neither way works. */
export async function openReader(url) {
  const own = await nativeReader();
  if (!own) return vendoredReader(url);
  let reader = own;
  // a browser may promise to read and then lack the part that does
  const read = (canvas) => reader.read(canvas).catch(async () => {
    if (reader === own) reader = await vendoredReader(url);
    return reader.read(canvas);
  });
  return { read };
}

async function nativeReader() {
  const has = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (!has.includes("ean_13")) return null;
  const detector = new BarcodeDetector({ formats: FORMATS.filter((format) => has.includes(format)) });
  const read = async (canvas) => (await detector.detect(canvas)).map(({ rawValue, format }) => ({ text: rawValue, sure: SURE.has(format) }));
  return { read };
}

async function vendoredReader(url) {
  const { BarcodeFormat, BrowserMultiFormatReader } = globalThis.ZXingBrowser ?? (await load(url));
  const reader = new BrowserMultiFormatReader(new Map([[TRY_HARDER, true]]));
  reader.possibleFormats = FORMATS.map((format) => BarcodeFormat[format.toUpperCase()]);
  const read = async (canvas) => {
    try {
      const found = reader.decodeFromCanvas(canvas);
      return [{ text: found.getText(), sure: SURE.has(BarcodeFormat[found.getBarcodeFormat()].toLowerCase()) }];
    } catch {
      return []; // it says "nothing in the picture" by throwing
    }
  };
  return { read };
}

function load(url) {
  return new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: url, onerror: failed });
    script.onload = () => done(globalThis.ZXingBrowser);
    document.head.append(script);
  });
}
