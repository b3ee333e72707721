import { within } from "./check.js";

/** @import { Case, CaseResult, Context } from "./context.js" */

const LIMIT_MS = 60_000;

/**
 * @param {string} suite
 * @param {Case} testCase
 * @param {Context} context
 * @returns {Promise<CaseResult>}
 */
export async function runCase(suite, { name, run, mustFail = false }, context) {
  const { uncaught } = context;
  let error = await failureOf(run, context);
  // Hosts report them a turn late.
  for (let turns = 0; turns < 2; turns += 1) await new Promise((resolve) => setTimeout(resolve, 0));
  if (uncaught.length > 0) error = `${error ?? "it passed"}; and nobody caught: ${described(uncaught[0])}`;
  uncaught.length = 0;
  if (mustFail) error = error === undefined ? "it did not fail, as it should have" : undefined;
  return error === undefined ? { suite, name, ok: true } : { suite, name, ok: false, error };
}

/**
 * @param {Case["run"]} run
 * @param {Context} context
 * @returns {Promise<string | undefined>}
 */
async function failureOf(run, context) {
  try {
    await within(LIMIT_MS, (async () => run(context))(), "the case");
  } catch (thrown) {
    return described(thrown);
  }
}

/** @param {any} thrown */
function described(thrown) {
  const text = thrown?.stack ?? String(thrown);
  return text.includes(thrown?.message ?? "") ? text : `${thrown.message}\n${text}`;
}
