/**
 * Prints how fast the packed package is, in every runtime, beside the official SDK's cache and beside ten lines of plain
 * JavaScript. What counts are the ratios: all are measured in turn, in one run.
 *
 *     node tests/bench/run.mjs
 */
import { cpSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installConsumer } from "../runtimes/consumer.mjs";
import { processRuntimes } from "./processes.mjs";
import { startServers } from "./settings.mjs";
import { printTable } from "./table.mjs";
import { workerdRuntime } from "./workers.mjs";

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const settings = await startServers();
const folder = installConsumer(settings);
cpSync(fileURLToPath(new URL(".", import.meta.url)), join(folder, "bench"), { recursive: true });

console.log(`${machine()}

ours   anthropic-workload-identity ${versionOf("anthropic-workload-identity")}
SDK    @anthropic-ai/sdk ${versionOf("@anthropic-ai/sdk")}: \
getToken() of its TokenCache, its oidcFederationProvider, and where it says so \`new Anthropic()\`
plain  ten lines of JavaScript: tests/bench/plain.js

Medians; ratios are of the same round, with quartiles. The less, the faster. The cached call is awaited, in a loop.
An exchange goes over a loopback connection that stays open. Import and construction happen once in a new process.
`);
for (const { name, measure } of [...processRuntimes(folder), workerdRuntime(folder, settings)]) {
  const { version, samples } = await measure();
  printTable(`${name} ${version}`, samples);
}
process.exit();

function machine() {
  const [{ model }] = cpus();
  return `${cpus().length} cores, ${model.trim()}, ${process.platform} ${process.arch}`;
}

/** @param {string} name */
function versionOf(name) {
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
}
