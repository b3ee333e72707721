/**
 * Runs the edge function in this folder, index.js, for one request. The modules beside it are globals that have their names,
 * and nothing else can be compiled.
 *
 *     node run_edge_function.mjs <settings as JSON>
 */
import { EdgeRuntime } from "edge-runtime";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";

const files = readdirSync(".").filter((name) => name.endsWith(".wasm"));
const modules = files.map((file) => [basename(file, ".wasm"), new WebAssembly.Module(readFileSync(file))]);
const runtime = new EdgeRuntime({
  codeGeneration: { strings: false, wasm: false },
  extend: (context) => Object.assign(context, Object.fromEntries(modules)),
});
runtime.evaluate(readFileSync("index.js", "utf8"));

const response = await runtime.dispatchFetch(`http://127.0.0.1/?${new URLSearchParams(JSON.parse(process.argv[2]))}`);
console.log(await response.text());
await response.waitUntil();
process.exit(response.ok ? 0 : 1);
