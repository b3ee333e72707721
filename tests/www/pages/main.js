// Runs the cases of the module that the fragment of the address names, and posts the results to where its query says.
import { runCase } from "../../runtimes/suite/run_case.js";

/** @import { Case, Context } from "../../runtimes/suite/context.js" */

/** @param {unknown} results `null` after the last */
const post = (results) => fetch(location.search.slice(1), { method: "POST", body: JSON.stringify(results) });

async function runCases() {
  const [{ cases }, context] = await Promise.all([import(`./${location.hash.slice(1)}`), newContext()]);
  for (const testCase of /** @type {Case[]} */ (cases)) {
    await post([await runCase("", testCase, context)]);
  }
}

/** The part of it that these cases want. */
async function newContext() {
  /** @type {unknown[]} */
  const uncaught = [];
  addEventListener("unhandledrejection", (event) => uncaught.push(event.reason));
  addEventListener("error", (event) => uncaught.push(event.error ?? event.message));
  return /** @type {Context} */ ({ ...(await (await fetch("/settings.json")).json()), uncaught });
}

runCases()
  .catch((error) => post([{ name: "the page runs its cases", ok: false, error: String(error?.stack ?? error) }]))
  .then(() => post(null));
