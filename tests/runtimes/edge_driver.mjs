/** Runs every case in Vercel's Edge runtime, one request each, and prints the results as lines of JSON. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { suitesFor } from "./suite/index.js";

const npmTool = createRequire(import.meta.url);
const { EdgeRuntime } = npmTool("edge-runtime");

const [folder] = process.argv.slice(2);
const { default: settings } = await import(pathToFileURL(`${folder}/settings.js`).href);

/** @type {unknown[]} */
const uncaught = [];
process.on("unhandledRejection", (reason) => uncaught.push(reason));
process.on("uncaughtException", (error) => uncaught.push(error));

/** @type {Record<string, WebAssembly.Module>} what is imported with `?module`, as Vercel has it: globals */
const modules = {};
const runtime = new EdgeRuntime({
  codeGeneration: { strings: false, wasm: false },
  extend: (/** @type {object} */ context) => Object.assign(context, { driver: { inspect: inspected, uncaught } }, modules),
  initialCode: await bundled(),
});

for (const { name: suite, cases } of suitesFor(settings, "edge-light")) {
  for (const [index, { name }] of cases.entries()) {
    const request = { method: "POST", body: JSON.stringify({ suite, index }) };
    const response = await runtime.dispatchFetch("http://127.0.0.1/", request);
    const text = await response.text();
    console.log(response.ok ? text : JSON.stringify({ suite, name, ok: false, error: `${response.status} ${text}` }));
  }
}
console.log(JSON.stringify({ done: true }));
process.exit();

async function bundled() {
  const modulesAsGlobals = {
    name: "modules-as-globals",
    setup(/** @type {any} */ build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, (/** @type {{ path: string, resolveDir: string }} */ { path, resolveDir }) => {
        const file = join(resolveDir, path.replace("?module", ""));
        const name = basename(file, ".wasm");
        modules[name] = new WebAssembly.Module(readFileSync(file));
        return { path: name, namespace: "global" };
      });
      build.onLoad({ filter: /./, namespace: "global" }, (/** @type {{ path: string }} */ { path }) => ({
        contents: `export default globalThis.${path};`,
      }));
    },
  };
  const esbuild = npmTool("esbuild");
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(folder, "edge.js")],
    bundle: true,
    conditions: ["edge-light", "browser"],
    banner: { js: `"use strict";` }, // which modules are, and this script is not
    external: ["node:*"],
    plugins: [modulesAsGlobals],
    write: false,
    logLevel: "silent",
  });
  await esbuild.stop();
  return outputFiles[0].text;
}

/** @param {unknown} value */
function inspected(value) {
  return inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null, maxArrayLength: null });
}
