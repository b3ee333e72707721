import assert from "node:assert/strict";
import { openPage } from "../visitor.mjs";

/** @import { Check, Place } from "../run.mjs" */
/** @import { Session } from "../webdriver.mjs" */
/** @import { Visitor } from "../visitor.mjs" */

/**
 * The page from its first step to its last.
 *
 * @param {Check} check
 * @param {Place} place
 * @param {Session} session
 * @param {Visitor} visitor
 */
export async function checkFlow(check, { site }, session, visitor) {
  const { text, textMatching } = session;
  const wholeNumber = async (/** @type {string} */ id) => Number(await text(`#${id}`));
  const log = async (/** @type {"exchange" | "api"} */ kind) => (await serverLog(site, session)).filter((entry) => entry.kind === kind);

  await check("loads the package", () => openPage(session, `${site.url}/`));

  await check("mints an identity token and shows its claims", async () => {
    await visitor.use("mint-button");
    await textMatching("#mint-status", /^Minted, and valid until /);
    assert.match(await text("#jose-header"), /algES256.*kid.*typJWT/);
    assert.match(await text("#claims"), /subrepo:example\/app:ref:refs\/heads\/main.*jti/);
    assert.match(await text("#identity-token-text"), /^eyJ.{9}….{4} \(\d+ characters\)$/);
  });

  await check("exchanges it", async () => {
    await visitor.use("exchange-button");
    await textMatching("#exchange-status", /^Granted/);
    assert.match(await text("#exchange-facts"), /Access tokensk-ant-oat01-….{4}Expires.*\(expiresAt \d+\)Scopeworkspace:developer/);
    const request = await text("#exchange-request");
    assert.match(request, /^POST http:\/\/127\.0\.0\.1:\d+\/t\/\w+\/v1\/oauth\/token\n/);
    assert.match(request, /"assertion": "\(\d+ characters, left out here\)"/);
  });

  await check("says that the same identity token is not accepted again", async () => {
    await visitor.use("again-button");
    await textMatching("#exchange-status", /^Refused/);
    const facts = await text("#exchange-facts");
    assert.match(facts, /CodeERR_EXCHANGE_REFUSED.*Hint.*\(jti_reused\).*Status401Request idreq_.*Retryableno/);
    assert.deepEqual((await log("exchange")).map(({ outcome }) => outcome), ["granted", "jti_reused"]);
  });

  await check("calls the API with a token of the cache, which counts down", async () => {
    await visitor.use("call-button");
    await textMatching("#fresh-status", /^200: Hello, repo:example\/app:/);
    const [, first] = await textMatching("#remaining-text", /^(\d+) s$/);
    assert.ok(Number(first) > 50 && Number(first) <= 60, `it has ${first} s left`);
    await textMatching("#remaining-text", new RegExp(`^(${Number(first) - 1}|${Number(first) - 2}) s$`));
    assert.equal(await wholeNumber("exchange-count"), 1);
  });

  await check("refreshes in the background once the token is old", async () => {
    const before = await text("#kept-token");
    for (const skipped of [20, 40]) {
      await visitor.use("skip-button");
      await textMatching("#skipped", new RegExp(`^${skipped} s$`));
    }
    await textMatching("#remaining-text", /^1\d s$/);
    await visitor.use("call-button");
    await textMatching("#exchange-count", /^2$/);
    await textMatching("#log li", /Exchange 2: .* In the background/);
    assert.notEqual(await text("#kept-token"), before);
    await textMatching("#remaining-text", /^(5\d|60) s$/);
  });

  await check("refreshes by itself while it is called every 2 seconds", async () => {
    const before = await wholeNumber("call-count");
    await visitor.use("repeat");
    await textMatching("#call-count", new RegExp(`^(?!${before}$)`));
    await visitor.use("repeat");
    assert.equal(await wholeNumber("exchange-count"), 2);
  });

  await check("makes one exchange for 1000 callers", async () => {
    await visitor.use("crowd-button");
    await textMatching("#fresh-status", /^1000 callers and no token kept: 1 exchange, 1 token for all of them\.$/);
    assert.equal(await wholeNumber("exchange-count"), 3);
    assert.equal((await log("exchange")).length, 2 + 3);
  });

  await check("repeats a call that was refused, with a new token", async () => {
    await visitor.use("revoke-button");
    await textMatching("#fresh-status", /^Revoked/);
    await visitor.use("call-button");
    await textMatching("#exchange-count", /^4$/);
    await textMatching("#fresh-status", /^200: Hello/);
    const [refused, repeated] = (await log("api")).slice(-2);
    assert.deepEqual([refused.outcome, repeated.outcome], ["token_unknown", "granted"]);
    assert.match(await text("#log"), /Exchange 4: .* is repeated.*The API answered 401/);
  });

  await check("shows no token whole", async () => {
    const shown = await session.run(() => document.documentElement.outerHTML);
    assert.doesNotMatch(shown, /sk-ant-oat01-[\w-]{5}|eyJ[\w-]+\.[\w-]/);
  });
}

/**
 * @param {Place["site"]} site
 * @param {Session} session
 * @returns {Promise<import("../../endpoint/call.js").LogEntry[]>}
 */
async function serverLog({ endpoint }, session) {
  const [, tenant] = /\/t\/(\w+)\//.exec(await session.text("#exchange-request")) ?? [];
  return /** @type {any} */ (await (await fetch(`${endpoint.url}/control/tenants/${tenant}/log`)).json());
}
