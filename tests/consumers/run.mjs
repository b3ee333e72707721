/**
 * Installs the packed package in projects as users have them, builds each with its tool, and runs what was built where it
 * belongs. All rows, or those that are named, by themselves or by their project: a folder here, to which shared/ is added.
 *
 *     node tests/consumers/run.mjs [--tarball package.tgz] [project | row]...
 */
import { parseArgs } from "node:util";
import { startIssuer } from "../endpoint/issuer.js";
import { startEndpoint } from "../endpoint/server.js";
import { notePassed } from "../matrix.mjs";
import { Projects } from "./project.mjs";
import { checkRow } from "./row_check.mjs";
import { rowsNamed } from "./rows.mjs";
import { closeBrowser } from "./servers.mjs";

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const { values, positionals } = parseArgs({ options: { tarball: { type: "string" } }, allowPositionals: true });
const rows = rowsNamed(positionals);
const projects = new Projects(values.tarball);
const issuer = await startIssuer();
const endpoint = await startEndpoint({ issuer: issuer.url });

let failed = 0;
/** @type {string[]} */
const passed = [];
for (const row of rows) {
  const start = performance.now();
  const { facts, failures } = await checkRow(row, projects, { issuer, endpoint });
  if (failures.length > 0) failed += 1;
  else passed.push(row.name);
  const outcome = failures.length > 0 ? "FAILED" : "ok    ";
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${outcome}  ${[row.name, ...facts, `${seconds} s`].join(", ")}`);
  for (const failure of failures) console.log(failure.replace(/^/gm, "        "));
}
await closeBrowser();
notePassed("consumers", passed);
console.log(`\n${rows.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
