import { equal, ok } from "./check.js";
import { withClock } from "./clock.js";
import { mint, newTenant } from "./emulator.js";
import { checkError, exchanged, failure, newIdentity } from "./identity.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { TokenCacheOptions, WorkloadIdentityError } from "../../../pkg-template/index.d.ts" */
/** @import { Clock } from "./clock.js" */
/** @import { Tenant } from "./emulator.js" */
/** @import { Case, Context } from "./context.js" */

/** What the emulator's tokens live for, and when a refresh of them starts. */
const LIFETIME = 600;
const ADVISORY = 120;
const BACKOFF = 5;

/** @type {Case[]} */
export const cacheRefreshCases = [
  {
    name: "in the background: one, however many calls, and nobody waits for it",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call);
        await cache.call();
        clock.advance(3600 - 60);
        provider.holds = true;
        const tokens = await Promise.all(Array.from({ length: 1000 }, () => cache.getToken()));
        ok(tokens.every((token) => token === "t1"), "a caller got another token");
        provider.release();
        await settled();
        equal(await cache.getToken(), "t2", "token");
        equal(provider.calls, 2, "calls of the provider");
      }),
  },
  {
    name: "an endpoint that fails for a minute: nobody notices, every failure is reported, and it gets twelve or thirteen requests",
    run: (context) =>
      withClock(async (clock) => {
        const { tenant, cache, reported, idle } = await refreshing(context);
        const first = await cache.getToken();
        clock.advance(LIFETIME - ADVISORY + 1);
        await tenant.setFaults({ kind: "html", status: 503, times: "forever" });
        for (let half = 0; half <= 120; half += 1) {
          equal(await cache.getToken(), first, "token");
          await idle();
          clock.advance(0.5);
        }
        const requests = (await tenant.log()).length - 1;
        ok(requests === 12 || requests === 13, `there were ${requests} requests`);
        equal(reported.length, requests, "the number of reports");
        for (const error of reported) {
          checkError(context, error, { code: "ERR_EXCHANGE_REFUSED", statusCode: 503, retryable: true });
        }
        await tenant.setFaults();
        clock.advance(BACKOFF);
        equal(await cache.getToken(), first, "token");
        await idle();
        ok((await cache.getToken()) !== first, "the token is not a new one");
      }),
  },
  ...[
    { retryAfter: "40", pause: 40 },
    { retryAfter: "1", pause: BACKOFF },
    { retryAfter: "0", pause: BACKOFF },
    { retryAfter: "soon", pause: BACKOFF },
  ].map(({ retryAfter, pause }) => ({
    name: `an endpoint that says Retry-After: ${retryAfter} is left alone for ${pause} s`,
    run: (/** @type {Context} */ context) =>
      withClock(async (clock) => {
        const { tenant, cache, idle } = await refreshing(context);
        await cache.call();
        clock.advance(LIFETIME - ADVISORY + 1);
        await tenant.setFaults({ kind: "reply", status: 429, headers: { "retry-after": retryAfter }, times: "forever" });
        await cache.call();
        await idle();
        for (const [seconds, requests] of [[pause - 1, 2], [1, 3]]) {
          clock.advance(seconds);
          await cache.call();
          await idle();
          equal((await tenant.log()).length, requests, "the number of requests");
        }
      }),
  })),
  {
    name: "a Retry-After of an hour ends where all must wait",
    run: (context) =>
      withClock(async (clock) => {
        const { tenant, cache, idle } = await refreshing(context);
        const first = await cache.getToken();
        clock.advance(LIFETIME - ADVISORY + 1);
        await tenant.setFaults({ kind: "reply", status: 429, headers: { "retry-after": "3600" } });
        await cache.call();
        await idle();
        clock.advance(ADVISORY - 31);
        ok((await cache.getToken()) !== first, "the token is not a new one");
      }),
  },
  ...Object.entries({
    throws() {
      throw new Error("the log is full");
    },
    rejects: async () => {
      throw new Error("the log is full");
    },
    "is absent": undefined,
  }).map(([title, onRefreshError]) => ({
    name: `an onRefreshError that ${title} harms nobody`,
    run: (/** @type {Context} */ { pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call, { onRefreshError });
        await cache.call();
        clock.advance(3600 - 60);
        provider.failure = new Error("no network");
        equal(await cache.getToken(), "t1", "token");
        await settled();
        provider.failure = undefined;
        clock.advance(BACKOFF);
        equal(await cache.getToken(), "t1", "token");
        await settled();
        equal(await cache.getToken(), "t3", "token");
      }),
  })),
  {
    name: "onRefreshError gets what a function threw, and nothing that a caller has got",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        /** @type {unknown[]} */
        const reported = [];
        const cache = new pkg.TokenCache(provider.call, { onRefreshError: (error) => reported.push(error) });
        const error = new Error("no network");
        provider.failure = error;
        await cache.call().catch(() => {});
        equal(reported.length, 0, "the number of reports of a caller's failure");
        provider.failure = undefined;
        await cache.call();
        clock.advance(3600 - 60);
        provider.failure = error;
        await cache.call();
        await settled();
        equal(reported.length, 1, "the number of reports");
        equal(reported[0], error, "what was reported");
        clock.advance(31);
        await cache.call().catch(() => {});
        equal(reported.length, 1, "the number of reports in the end");
      }),
  },
  ...[true, false].map((checkJti) => ({
    name: `an identity token that was used up waits for a rotation, and is sent again when all must wait (check_jti: ${checkJti})`,
    run: (/** @type {Context} */ context) => withClock((clock) => withOneIdentityToken(context, clock, checkJti)),
  })),
  {
    name: "an identity token that was rotated is exchanged in the background",
    run: (context) =>
      withClock(async (clock) => {
        const jwts = [await mint(context), await mint(context)];
        let current = 0;
        const { tenant, cache, idle } = await refreshing(context, () => jwts[current]);
        const first = await cache.getToken();
        clock.advance(LIFETIME - ADVISORY + 1);
        await cache.call();
        await idle();
        current = 1;
        clock.advance(BACKOFF);
        equal(await cache.getToken(), first, "token");
        await idle();
        ok((await cache.getToken()) !== first, "the token is not a new one");
        equal((await tenant.log()).map(({ outcome }) => outcome).join(), "granted,granted", "the outcomes");
      }),
  },
];

/**
 * As in Kubernetes, where the file keeps its token for longer than an access token lives.
 *
 * @param {Context} context
 * @param {Clock} clock
 * @param {boolean} checkJti
 */
async function withOneIdentityToken(context, clock, checkJti) {
  const jwt = await mint(context);
  const tenant = await newTenant(context, { issuerLimits: { checkJti } });
  let asked = 0;
  const identityTokenProvider = () => {
    asked += 1;
    return jwt;
  };
  const { cache, reported, idle } = await refreshing(context, identityTokenProvider, tenant);
  const first = await cache.getToken();
  clock.advance(LIFETIME - ADVISORY + 1);
  for (let call = 0; call < 5; call += 1) {
    equal(await cache.getToken(), first, "token");
    await idle();
    clock.advance(BACKOFF);
  }
  equal((await tenant.log()).length, 1, "the number of requests");
  equal(reported.length, 0, "the number of reports");
  equal(asked, 6, "how often it was asked for an identity token");
  clock.advance(LIFETIME);
  if (checkJti) await failure(context, cache, { code: "ERR_EXCHANGE_REFUSED", statusCode: 401 });
  else ok((await exchanged(cache)).token !== first, "the token is not a new one");
  const outcomes = (await tenant.log()).map(({ outcome }) => outcome);
  equal(outcomes.join(), `granted,${checkJti ? "jti_reused" : "granted"}`, "the outcomes");
}

/**
 * A cache with exact windows, and a way to wait until nothing happens behind it.
 *
 * @param {Context} context
 * @param {() => string | Promise<string>} [identityTokenProvider]
 * @param {Tenant} [given]
 */
async function refreshing(context, identityTokenProvider = () => mint(context), given) {
  const tenant = given ?? (await newTenant(context, { rule: { lifetime: LIFETIME } }));
  /** @type {WorkloadIdentityError[]} */
  const reported = [];
  /** @type {Promise<unknown>[]} */
  const pending = [];
  /** @type {TokenCacheOptions} */
  const options = {
    jitter: 0,
    waitUntil: (promise) => pending.push(promise),
    onRefreshError: (error) => reported.push(error),
  };
  const cache = new context.pkg.TokenCache(newIdentity(context, tenant, { identityTokenProvider }), options);
  const idle = async () => {
    while (pending.length > 0) await pending.shift();
  };
  return { tenant, cache, reported, idle };
}
