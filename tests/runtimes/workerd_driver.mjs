/** Runs every case in workerd, one request each, and prints the results as lines of JSON. */
import { pathToFileURL } from "node:url";
import { suitesFor } from "./suite/index.js";
import { bundleWorker } from "./workerd_bundle.mjs";
import { visitCache } from "./workerd_cache_visits.mjs";
import { visitFromClients } from "./workerd_client_visits.mjs";
import { loadFromClients } from "./workerd_clients.mjs";
import { serveWorker } from "./workerd_server.mjs";

// Before miniflare, which has a handler of its own; on "exit" workerd is ended too.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const [folder, compatibilityDate] = process.argv.slice(2);
const { default: settings } = await import(pathToFileURL(`${folder}/settings.js`).href);
const bundle = await bundleWorker(folder);
const { url, logged } = await serveWorker(bundle, compatibilityDate);

/** @param {unknown} line */
const print = (line) => console.log(JSON.stringify(line));

/**
 * @param {string} suite
 * @param {string} name
 * @param {() => unknown} run
 */
async function runHere(suite, name, run) {
  try {
    await run();
    print({ suite, name, ok: true });
  } catch (error) {
    print({ suite, name, ok: false, error: error instanceof Error ? error.stack : String(error) });
  }
}

await runHere("bundle", "is of the entry for workerd, with the module beside the script", () => {
  const files = bundle.packageFiles.map((file) => file.split("/").slice(-2).join("/")).join(" ");
  if (!files.includes("entry/workerd.js") || /base64|inline/.test(files)) throw new Error(`it is made of ${files}`);
  if (Object.keys(bundle.wasm).length !== 1) throw new Error(`its modules are ${Object.keys(bundle.wasm)}`);
});

let loggedOnPurpose = 0;
for (const { name: suite, cases } of suitesFor(settings, "workerd")) {
  for (const [index, { name }] of cases.entries()) {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ suite, index }) });
    const text = await response.text();
    if (response.ok) print(JSON.parse(text));
    else print({ suite, name, ok: false, error: `the Worker answered ${response.status}: ${text}` });
  }
  if (suite === "harness") loggedOnPurpose = logged.length;
  if (suite === "load") {
    await runHere(suite, "interleaved exchanges, of which a third lose their client", () => loadFromClients(url, settings));
  }
}

await visitCache(url, settings, (name, run) => runHere("cache visits", name, run));
await visitFromClients(url, settings, (name, run) => runHere("client visits", name, run));

await runHere("console", "shows no secret", () => {
  const messages = logged.slice(loggedOnPurpose);
  const shown = messages.find((message) => /sk-ant-|eyJ[\w-]{13}/i.test(message));
  if (shown) throw new Error(shown);
  if (messages.length === 0) throw new Error("nothing was logged");
});

print({ done: true });
process.exit();
