// Copies the pinned front-end files out of node_modules into static/vendor/, so that users never need Node.
// Run it after a version in package.json changes: npm ci && npm run vendor
// Source-map comments are stripped: they point at files we do not ship, and collectstatic stops at them.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const pinned = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies;

const weights = ["400", "600"];
const fonts = (...subsets) => subsets.flatMap((subset) => weights.map((w) => `files/${subset}-${w}-normal.woff2`));
// The rupee sign is in neither Latin file; the small latin-ext of the Devanagari family holds it in 6 kB.
const wanted = [
  { name: "htmx", from: "htmx.org", files: ["dist/htmx.min.js"], licence: "LICENSE" },
  { name: "fonts/noto-sans", from: "@fontsource/noto-sans", files: fonts("noto-sans-latin"), licence: "OFL.txt" },
  { name: "fonts/noto-sans-devanagari", from: "@fontsource/noto-sans-devanagari", licence: "OFL.txt",
    files: fonts("noto-sans-devanagari-devanagari", "noto-sans-devanagari-latin-ext") },
  // reads barcodes from the camera where the browser cannot; its file holds @zxing/library too
  { name: "zxing", from: "@zxing/browser", files: ["umd/zxing-browser.min.js"], licence: "LICENSE",
    also: { "LICENSE-zxing-library": "@zxing/library/LICENSE" } },
];

const stripped = (path) => path.endsWith(".js")
  ? readFileSync(path, "utf8").replace(/^\s*(\/\/|\/\*)[#@]\s*sourceMappingURL=.*$/gm, "")
  : readFileSync(path);

const sums = [];
function put(path, bytes) {
  writeFileSync(path, bytes);
  sums.push(`${createHash("sha256").update(bytes).digest("hex")}  ${relative(here, path).replaceAll("\\", "/")}`);
}

for (const { name, from, files, licence, also = {} } of wanted) {
  const source = join(root, "node_modules", from);
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  if (version !== pinned[from]) throw new Error(`${from}: installed ${version}, pinned ${pinned[from]}; run npm ci`);
  const home = join(here, name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, version), { recursive: true });
  for (const file of files) put(join(home, version, file.split("/").at(-1)), stripped(join(source, file)));
  put(join(home, version, licence), readFileSync(join(source, "LICENSE")));
  for (const [file, where] of Object.entries(also)) put(join(home, version, file), readFileSync(join(root, "node_modules", where)));
  console.log(`${name} ${version}: ${readdirSync(join(home, version)).length} files`);
}
writeFileSync(join(here, "CHECKSUMS.txt"), sums.sort((a, b) => a.slice(66).localeCompare(b.slice(66))).join("\n") + "\n");
