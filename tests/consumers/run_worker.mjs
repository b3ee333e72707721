/**
 * Runs what `wrangler deploy` would upload, the script and the files in this folder, in workerd, for one request.
 *
 *     node run_worker.mjs <compatibility date> <settings as JSON>
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { serveWorker } from "../runtimes/workerd_server.mjs";

const [compatibilityDate, settings] = process.argv.slice(2);
const modules = readdirSync(".").filter((name) => name.endsWith(".wasm"));
assert.equal(modules.length, 1, "there is not one module beside the script");
const bundle = {
  script: readFileSync("index.js", "utf8"),
  wasm: Object.fromEntries(modules.map((name) => [name, readFileSync(name)])),
};

const { url } = await serveWorker(bundle, compatibilityDate);
const response = await fetch(`${url}?${new URLSearchParams(JSON.parse(settings))}`);
const text = await response.text();
if (response.ok) console.log(text);
else console.error(`it answered ${response.status} ${text}`);
process.exit(response.ok ? 0 : 1);
