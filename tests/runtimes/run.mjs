/**
 * Runs the suite against the packed package, in every runtime or in those that are named.
 *
 *     node tests/runtimes/run.mjs [--tarball package.tgz] [node | deno | bun | workerd]...
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startIssuer } from "../endpoint/issuer.js";
import { startEndpoint } from "../endpoint/server.js";
import { runAdapter } from "./adapter_process.mjs";
import { notePassed } from "../matrix.mjs";
import { closedPort } from "./closed_port.mjs";
import { installConsumer } from "./consumer.mjs";
import { Report } from "./report.mjs";
import { runtimesNamed } from "./runtimes.mjs";

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const { values, positionals } = parseArgs({ options: { tarball: { type: "string" } }, allowPositionals: true });
const runtimes = runtimesNamed(positionals);
const vectors = Object.fromEntries(["exchange", "cache", "api_request"].map((name) => [name, vectorsOf(name)]));

const issuer = await startIssuer();
const endpoint = await startEndpoint({ issuer: issuer.url });
const settings = { vectors, issuer: issuer.url, endpoint: endpoint.url, closedPort: await closedPort() };
const folder = installConsumer(settings, values.tarball);

const report = new Report();
/** @type {string[]} */
const passed = [];
for (const runtime of runtimes) {
  const start = performance.now();
  const failedBefore = report.failed;
  await runAdapter(runtime.start(folder), folder, report);
  if (report.failed === failedBefore) passed.push(runtime.name);
  console.log(`${runtime.name}: ${Math.round((performance.now() - start) / 1000)} s\n`);
}
notePassed("runtimes", passed);
process.exit(report.conclude() ? 0 : 1);

/** @param {string} name */
function vectorsOf(name) {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
}
