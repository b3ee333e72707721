import assert from "node:assert/strict";

/** @import { Check, Place } from "../run.mjs" */
/** @import { Session } from "../webdriver.mjs" */

/**
 * The page and its policy agree, and would have been heard if they did not.
 *
 * @param {Check} check
 * @param {Place} place
 * @param {Session} session
 */
export async function checkPolicy(check, { site }, session) {
  await check("has no complaint on the console", () => assert.deepEqual(session.bidi.complaints, []));

  await check("violates no policy", async () => {
    // The last violation is on purpose; browsers report them in order.
    await session.run(() => {
      const script = document.createElement("script");
      script.textContent = "globalThis.ran = true";
      document.head.append(script);
    });
    while (!site.violations.some(({ "blocked-uri": blocked }) => blocked === "inline")) await session.text("title");
    const all = site.violations.splice(0).map((violation) => violation["blocked-uri"]);
    assert.deepEqual(all, ["inline"]);
    assert.equal(await session.run(() => "ran" in globalThis), false);
  });
}
