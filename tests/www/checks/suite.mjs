import { closedPort } from "../../runtimes/closed_port.mjs";
import { bundleSuite } from "../suite/bundle.mjs";

/** @import { Check, Place } from "../run.mjs" */
/** @import { Result } from "../site.mjs" */
/** @import { Session } from "../webdriver.mjs" */

/**
 * The suite of tests/runtimes: a line for each of its parts, and one for each case that fails.
 *
 * @param {Check} check
 * @param {Place} place
 * @param {Session} session
 */
export async function checkSuite(check, { site }, session) {
  await bundleSuite({ issuer: site.issuer.url, endpoint: site.endpoint.url, closedPort: await closedPort() });
  const results = await site.resultsOf(session, "/suite/page.html");
  site.violations.length = 0; // the clients try what they may do
  for (const suite of new Set(results.map((result) => result.suite ?? ""))) {
    await checkPart(check, suite, results.filter((result) => result.suite === suite));
  }
}

/**
 * @param {Check} check
 * @param {string} suite
 * @param {Result[]} cases
 */
async function checkPart(check, suite, cases) {
  const failed = cases.filter(({ ok }) => !ok);
  const excluded = cases.filter((result) => result.excluded).length;
  for (const { name, error = "" } of failed) {
    await check(`suite, ${suite}: ${name}`, () => {
      throw error.replace(/sk-ant-oat01-[\w-]+/g, "sk-ant-oat01-…");
    });
  }
  const passed = cases.length - failed.length - excluded;
  if (passed + excluded > 0) await check(`suite, ${suite}: ${passed} cases${excluded > 0 ? `, ${excluded} excluded` : ""}`, () => {});
}
