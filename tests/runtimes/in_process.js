import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { modules } from "./module_probe.js";
// @ts-ignore: run.mjs writes it beside the copy of this file that is run
import settings from "./settings.js";
import { suitesFor } from "./suite/index.js";
import { runCase } from "./suite/run_case.js";

/** @import { Context, Suite, TemporaryFiles } from "./suite/context.js" */

/**
 * For runtimes that are a process: runs every case and prints its result as a line of JSON.
 *
 * @param {Pick<Context, "runtime" | "pkg" | "inspect" | "uncaught">} adapter
 * @param {Suite[]} [more]
 */
export async function runAndPrint(adapter, more = []) {
  /** @type {Context} */
  const context = { ...settings, ...adapter, files: await temporaryFiles(), modules };
  for (const { name, cases } of [...suitesFor(settings, adapter.runtime), ...more]) {
    for (const testCase of cases) console.log(JSON.stringify(await runCase(name, testCase, context)));
  }
  console.log(JSON.stringify({ done: true }));
}

/** @returns {Promise<TemporaryFiles>} */
async function temporaryFiles() {
  const folder = new URL("./files/", import.meta.url);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const url = (/** @type {string} */ name) => new URL(name, folder);
  return { url, path: (name) => fileURLToPath(url(name)), write: (name, content) => writeFile(url(name), content) };
}
