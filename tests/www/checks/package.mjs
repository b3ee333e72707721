import assert from "node:assert/strict";

/** @import { Check, Place } from "../run.mjs" */
/** @import { Session } from "../webdriver.mjs" */

const forbidden = ["http://127.0.0.1:6000/elsewhere/v1/oauth/token", "wasm-eval"]; // as browsers report it

/**
 * The package where there may be several of it, or no WebAssembly.
 *
 * @param {Check} check
 * @param {Place} place
 * @param {Session} session
 */
export async function checkPackage(check, { site }, session) {
  for (const cases of ["twice.js", "frames.js", "worker.js", "network.js"]) {
    for (const result of await site.resultsOf(session, "/tests/www/pages/page.html", cases)) await checkResult(check, result);
  }
  await check("violates no policy", () => assert.deepEqual(site.violations, []));
  await check("has no complaint on the console", () => assert.deepEqual(session.bidi.complaints, []));

  for (const result of await site.resultsOf(session, "/tests/www/pages/page.html", "forbidden.js")) await checkResult(check, result);
  for (const result of await site.resultsOf(session, "/tests/www/pages/without_wasm.html", "no_wasm.js")) await checkResult(check, result);
  await check("lets the page say it", async () => {
    await session.visit(`${site.url}/without-wasm/index.html`);
    await session.textMatching("#load-status", /'wasm-unsafe-eval'/);
  });
  const reported = site.violations.splice(0).map((violation) => violation["blocked-uri"]);
  await check("was forbidden nothing else", () => assert.deepEqual([...new Set(reported)].sort(), forbidden));
}

/**
 * @param {Check} check
 * @param {import("../site.mjs").Result} result
 */
function checkResult(check, { name, ok, error }) {
  return check(name, () => {
    if (!ok) throw error; // with the page's stack, and none of this script
  });
}
