import { deepEqual, equal, ok, within } from "./check.js";
import { withClock } from "./clock.js";
import { newTenant } from "./emulator.js";
import { newIdentity } from "./identity.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { TokenCache } from "../../../pkg-template/index.d.ts" */
/** @import { Tenant } from "./emulator.js" */
/** @import { Case, Context } from "./context.js" */

const CALLS = 1000;
/** Over the network. */
const REQUESTS = 300;
const LIMIT_MS = 20_000;
const SPREAD_MS = 500;

/** @type {Case[]} */
export const cacheStormCases = [
  {
    name: `${CALLS} calls of an empty cache: one exchange, and the same token for all`,
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "delay", ms: 100 }] });
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      equal(new Set(await tokensOf(cache)).size, 1, "the number of different tokens");
      await tenant.onlyEntry();
    },
  },
  {
    name: `${CALLS} calls of an empty cache, every third is aborted: one exchange, and the same token for the others`,
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "delay", ms: 200 }] });
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      const leaving = new AbortController();
      const calls = Array.from({ length: CALLS }, (_, index) =>
        cache.getToken({ signal: index % 3 === 0 ? leaving.signal : undefined }).catch(({ code }) => code),
      );
      await tenant.lastEntry(({ outcome }) => outcome === "fault:delay");
      leaving.abort();
      const outcomes = await within(LIMIT_MS, Promise.all(calls), "the calls");
      equal(outcomes.filter((outcome) => outcome === "ERR_ABORTED").length, Math.ceil(CALLS / 3), "the aborted calls");
      equal(new Set(outcomes).size, 2, "the number of different outcomes");
      await tenant.onlyEntry();
    },
  },
  {
    name: `${CALLS} calls of an empty cache whose exchange is refused: one exchange, and the same error for all`,
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "html", status: 500 }] });
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      const calls = Array.from({ length: CALLS }, () => cache.getToken().then(String, (error) => error));
      const errors = new Set(await within(LIMIT_MS, Promise.all(calls), "the calls"));
      deepEqual([...errors].map(({ code }) => code), ["ERR_EXCHANGE_REFUSED"], "the different errors");
      await tenant.onlyEntry();
      equal(new Set(await tokensOf(cache)).size, 1, "the number of different tokens");
      equal((await tenant.log()).length, 2, "the number of exchanges");
    },
  },
  {
    name: `${CALLS} forced calls: no exchange within five seconds of one, and one after them`,
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call);
        equal(await cache.getToken({ forceRefresh: true }), "t1", "token");
        clock.advance(4.9);
        ok((await tokensOf(cache, { forceRefresh: true })).every((token) => token === "t1"), "a token is another");
        equal(provider.calls, 1, "calls of the provider within five seconds");
        clock.advance(0.1);
        ok((await tokensOf(cache, { forceRefresh: true })).every((token) => token === "t2"), "a token is another");
        deepEqual(provider.forced, [true, true], "what the provider was told");
        equal(await cache.getToken(), "t2", "token");
      }),
  },
  {
    name: "while a forced call waits, the others have the token that is kept",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call);
        await cache.call();
        clock.advance(60);
        provider.holds = true;
        const forced = [cache.getToken({ forceRefresh: true }), cache.getToken({ forceRefresh: true })];
        equal(await cache.getToken(), "t1", "token");
        provider.release();
        equal((await Promise.all(forced)).join(), "t2,t2", "the forced tokens");
        equal(provider.calls, 2, "calls of the provider");
      }),
  },
  {
    name: "a token of sixty seconds: a hundred calls a second cost two exchanges in its time",
    run: (context) =>
      withClock(async (clock) => {
        const tenant = await newTenant(context, { rule: { lifetime: 60 } });
        const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
        for (let call = 0; call < 6000; call += 1) {
          await cache.call();
          if (call % 100 === 0) await settled();
          clock.advance(0.01);
        }
        const exchanges = (await tenant.log()).length;
        ok(exchanges === 2, `there were ${exchanges} exchanges`);
      }),
  },
  {
    name: `${REQUESTS} requests whose token is revoked: one exchange more, and all succeed`,
    async run(context) {
      const tenant = await newTenant(context);
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      await cache.call();
      await tenant.revokeTokens();
      const send = context.pkg.authenticatedFetch(cache);
      await succeed(tenant, REQUESTS, send);
      const log = await tenant.log();
      const refused = log.filter(({ outcome }) => outcome === "token_unknown").length;
      ok(refused > 1, `${refused} requests were refused`);
      equal(log.filter(({ kind }) => kind === "exchange").length, 2, "the number of exchanges");
    },
  },
  ...[0, SPREAD_MS].map((spreadMs) => ({
    name: `${CALLS} requests under way whose 401s arrive ${spreadMs ? `over ${spreadMs} ms` : "at once"}: one exchange more`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context);
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      const revoked = await cache.getToken();
      let arrived = 0;
      const api = async (/** @type {unknown} */ _, /** @type {RequestInit} */ { headers }) => {
        if (new Headers(headers).get("authorization") !== `Bearer ${revoked}`) return new Response("{}");
        const delay = ((arrived += 1) * spreadMs) / CALLS;
        await new Promise((resolve) => setTimeout(resolve, delay));
        return new Response("{}", { status: 401 });
      };
      const send = context.pkg.authenticatedFetch(cache, { fetch: /** @type {any} */ (api) });
      await succeed(tenant, CALLS, send);
      equal(arrived, CALLS, "the number of requests with the revoked token");
      equal((await tenant.log()).length, 2, "the number of exchanges");
    },
  })),
];

/**
 * @param {TokenCache} cache
 * @param {{ forceRefresh?: boolean }} [request]
 */
function tokensOf(cache, request) {
  return within(LIMIT_MS, Promise.all(Array.from({ length: CALLS }, () => cache.getToken(request))), "the calls");
}

/**
 * @param {Tenant} tenant
 * @param {number} requests
 * @param {typeof globalThis.fetch} send
 */
async function succeed({ baseURL }, requests, send) {
  const body = JSON.stringify({ model: "claude-sonnet-5", max_tokens: 9, messages: [{ role: "user", content: "Hello" }] });
  const headers = { "anthropic-version": "2023-06-01", "content-type": "application/json" };
  const statuses = Array.from({ length: requests }, async () => {
    const response = await send(`${baseURL}/v1/messages`, { method: "POST", headers, body });
    await response.arrayBuffer();
    return response.status;
  });
  deepEqual([...new Set(await within(LIMIT_MS, Promise.all(statuses), "the requests"))], [200], "the statuses");
}
