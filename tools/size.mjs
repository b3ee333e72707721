// Prints what a Worker deploys of the package: the module, and all its JavaScript bundled as wrangler does. Fails when both
// together are larger after gzip than size_budget.json allows.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { esbuild } from "./npm_tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const { outputFiles } = esbuild.buildSync({
  entryPoints: [root + "pkg/entry/workerd.js"],
  bundle: true,
  format: "esm",
  target: "es2022",
  keepNames: true, // as wrangler does
  conditions: ["workerd", "worker", "browser"],
  external: ["*.wasm", "cloudflare:*"],
  write: false,
});

const sizes = Object.entries({ module: readFileSync(root + "pkg/core_bg.wasm"), glue: outputFiles[0].contents });
const rows = sizes.map(([name, bytes]) => ({
  name,
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
}));
const sum = (/** @type {"raw" | "gzip" | "brotli"} */ column) => rows.reduce((total, row) => total + row[column], 0);
const together = { name: "together", raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };

console.log(`${"bytes".padEnd(10)}${["raw", "gzip", "brotli"].map((column) => column.padStart(10)).join("")}`);
for (const { name, raw, gzip, brotli } of [...rows, together]) {
  console.log(`${name.padEnd(10)}${[raw, gzip, brotli].map((size) => String(size).padStart(10)).join("")}`);
}

const { gzip: budget } = JSON.parse(readFileSync(root + "tools/size_budget.json", "utf8"));
const left = budget - together.gzip;
console.log(`budget    ${String(budget).padStart(20)}, ${left < 0 ? `exceeded by ${-left}` : `${left} left`}`);
if (left < 0) process.exitCode = 1;
