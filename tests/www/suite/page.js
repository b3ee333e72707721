// Runs the suite of tests/runtimes in a page. Bundled, because the clients that it tries are not modules that a browser finds.
import "./user_agent.js";
import { modules } from "../../runtimes/module_probe.js";
import { suitesFor } from "../../runtimes/suite/index.js";
import { runCase } from "../../runtimes/suite/run_case.js";
import { uncaught } from "../../runtimes/uncaught.js";
import { exclusionOf, unusedExclusions } from "./excluded.js";
import { inspect } from "./inspect.js";

/** @import { Context, Runtime, Suite } from "../../runtimes/suite/context.js" */

/** @param {unknown} results `null` after the last */
const post = (results) => fetch(location.search.slice(1), { method: "POST", body: JSON.stringify(results) });

/** @returns {Promise<Context>} */
async function newContext() {
  const settings = await (await fetch("settings.json")).json();
  // Not before the probe, and not bundled: what is tested is what a page imports.
  const pkg = await import(/** @type {string} */ ("/pkg/entry/inline.js"));
  const runtime = /** @type {Runtime} */ (/** @type {unknown} */ ("browser"));
  return { ...settings, runtime, pkg, inspect, files: null, modules, uncaught };
}

/**
 * The cases of every runtime: none is left out but those that are named.
 *
 * @param {any} settings
 * @returns {Suite[]}
 */
function allSuites(settings) {
  const [first, ...others] = ["node", "deno", "bun", "workerd"].map((name) => suitesFor(settings, /** @type {Runtime} */ (name)));
  return first.map(({ name, cases }, index) => {
    const known = new Set(cases.map((testCase) => testCase.name));
    const more = others.flatMap((suites) => suites[index].cases).filter((testCase) => !known.has(testCase.name));
    return { name, cases: [...cases, ...new Map(more.map((testCase) => [testCase.name, testCase])).values()] };
  });
}

async function runSuites() {
  const context = await newContext();
  for (const { name: suite, cases } of allSuites(context)) {
    for (const testCase of cases) {
      const { name } = testCase;
      const exclusion = exclusionOf(suite, name, navigator.userAgent);
      await post([exclusion ? { suite, name, ok: true, excluded: exclusion.why } : await runCase(suite, testCase, context)]);
    }
  }
  await post(unusedExclusions().map(({ suite, name }) => ({ suite, name: `there is no case ${name} to exclude`, ok: false })));
}

runSuites()
  .catch((error) => post([{ suite: "", name: "the page runs its cases", ok: false, error: String(error?.stack ?? error) }]))
  .then(() => post(null));
