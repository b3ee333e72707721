import { deepEqual, equal, ok, rejectionOf, within } from "./check.js";
import { withClock } from "./clock.js";
import { mint, newTenant } from "./emulator.js";
import { checkError, exchanged, failure, newIdentity } from "./identity.js";
import { withTimers } from "./leftovers.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { Case, Context } from "./context.js" */

const PATIENCE_MS = 100;
/** What has not ended by then waits for something that never comes. */
const LIMIT_MS = 5000;
/** The limit of a function is some 30 s: what is as long takes this instead, and still longer than a joiner's patience. */
const SHORT_MS = 400;

/** @type {Case[]} */
export const cacheWaitCases = [
  {
    name: "a leader that hangs: who joined leads after timeoutMs, one of them for all",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call, { timeoutMs: PATIENCE_MS });
      const leader = new AbortController();
      provider.holds = true;
      const hanging = cache.call({ signal: leader.signal }).catch(({ code }) => code);
      provider.holds = false;
      const joiners = Array.from({ length: 50 }, () => cache.getToken());
      const tokens = await within(LIMIT_MS, Promise.all(joiners), "the joiners");
      ok(tokens.every((token) => token === "t2"), `the tokens are ${[...new Set(tokens)]}`);
      equal(await cache.getToken(), "t2", "token");
      equal(provider.calls, 2, "calls of the provider");
      leader.abort();
      equal(await hanging, "ERR_ABORTED", "the outcome of the leader");
    },
  },
  {
    name: "a leader that is late: it has its own token, and the newer one stays",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call, { timeoutMs: PATIENCE_MS });
      provider.holds = true;
      const late = cache.getToken();
      provider.holds = false;
      equal(await within(LIMIT_MS, cache.getToken(), "the joiner"), "t2", "token");
      provider.release();
      equal(await late, "t1", "token of the leader");
      equal(await cache.getToken(), "t2", "token");
    },
  },
  {
    name: "a leader that is in time: who joined makes no exchange of its own",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call, { timeoutMs: LIMIT_MS });
      provider.holds = true;
      const waiting = [cache.getToken(), cache.getToken()];
      await settled();
      provider.release();
      equal((await Promise.all(waiting)).join(), "t1,t1", "the tokens");
      equal(provider.calls, 1, "calls of the provider");
    },
  },
  {
    name: "a function that never settles: its caller gets ERR_TIMEOUT, and the next call a token",
    run: (context) =>
      withShortTimers(async () => {
        const provider = new ScriptedProvider();
        const cache = new context.pkg.TokenCache(provider.call);
        provider.holds = true;
        await failure(context, cache, { code: "ERR_TIMEOUT", statusCode: null, retryable: true });
        provider.holds = false;
        equal(await cache.getToken(), "t2", "token");
      }),
  },
  {
    name: "who makes an exchange waits no longer than the host keeps its request after the response",
    run(context) {
      /** @type {number[]} */
      const limits = [];
      return withTimers(
        async () => {
          const cache = new context.pkg.TokenCache(() => new Promise(() => {}));
          await failure(context, cache, { code: "ERR_TIMEOUT" });
          deepEqual(limits, [context.runtime === "workerd" ? 25_000 : 30_500], "the limits in milliseconds");
        },
        (ms) => {
          if (ms < 25_000) return undefined;
          limits.push(ms);
          return SHORT_MS;
        },
      );
    },
  },
  {
    name: "a provider that never settles at all: everybody is told, however many they are, and few exchanges are tried",
    async run(context) {
      let asked = 0;
      const identityTokenProvider = () => ((asked += 1), new Promise(() => {}));
      const identity = newIdentity(context, { baseURL: "https://a.example" }, { timeoutMs: SHORT_MS, identityTokenProvider });
      const cache = new context.pkg.TokenCache(identity, { timeoutMs: PATIENCE_MS });
      const calls = Array.from({ length: 100 }, () => rejectionOf(cache.call(), "the call"));
      for (const error of await within(LIMIT_MS, Promise.all(calls), "the calls")) {
        checkError(context, error, { code: "ERR_TIMEOUT", retryable: true });
      }
      ok(asked < 10, `it was asked ${asked} times`);
    },
  },
  ...["provider", "endpoint"].map((hanging) => ({
    name: `an exchange whose ${hanging} hangs: its caller gets ERR_TIMEOUT, and the next call a token`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context, { faults: hanging === "endpoint" ? [{ kind: "hang" }] : [] });
      let asked = 0;
      const identityTokenProvider = () =>
        (asked += 1) === 1 && hanging === "provider" ? new Promise(() => {}) : mint(context);
      const identity = newIdentity(context, tenant, { timeoutMs: 300, identityTokenProvider });
      const cache = new context.pkg.TokenCache(identity);
      await failure(context, cache, { code: "ERR_TIMEOUT", statusCode: null, retryable: true });
      ok((await exchanged(cache)).token, "no token");
    },
  })),
  {
    name: "an exchange that hangs: who joined makes one after the cache's timeoutMs, whatever that of the identity",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "hang" }] });
      const identity = newIdentity(context, tenant, { timeoutMs: 3000 });
      const cache = new context.pkg.TokenCache(identity, { timeoutMs: PATIENCE_MS });
      const leader = new AbortController();
      const hanging = failure(context, cache, { code: "ERR_ABORTED" }, { signal: leader.signal });
      await tenant.lastEntry(({ outcome }) => outcome === "fault:hang");
      const tokens = await within(LIMIT_MS, Promise.all([1, 2, 3].map(() => cache.getToken())), "the joiners");
      equal(new Set(tokens).size, 1, "the number of different tokens");
      equal((await tenant.log()).length, 2, "the number of exchanges");
      leader.abort();
      await hanging;
    },
  },
  {
    name: "a background refresh that hangs: served meanwhile, and where all must wait somebody leads",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call, { timeoutMs: PATIENCE_MS });
        await cache.call();
        clock.advance(3600 - 30.05);
        provider.holds = true;
        for (let call = 0; call < 5; call += 1) equal(await cache.getToken(), "t1", "token");
        provider.holds = false;
        clock.advance(0.06);
        const tokens = [cache.getToken(), cache.getToken(), cache.getToken()];
        equal((await within(LIMIT_MS, Promise.all(tokens), "the calls")).join(), "t3,t3,t3", "the tokens");
        equal(provider.calls, 3, "calls of the provider");
      }),
  },
  {
    name: "a background refresh that hangs is given up after timeoutMs, and another one starts",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call, { timeoutMs: 10_000, jitter: 0 });
        await cache.call();
        clock.advance(3600 - 60);
        provider.holds = true;
        await cache.call();
        clock.advance(9.9);
        await cache.call();
        equal(provider.calls, 2, "calls of the provider before the limit");
        provider.holds = false;
        clock.advance(0.1);
        equal(await cache.getToken(), "t1", "token");
        await settled();
        equal(await cache.getToken(), "t3", "token");
        provider.release();
        await settled();
        equal(await cache.getToken(), "t3", "token");
      }),
  },
  {
    name: "who joined a background refresh that has no fresh identity token makes an exchange",
    run: (context) =>
      withClock(async (clock) => {
        const jwt = await mint(context);
        const tenant = await newTenant(context, { issuerLimits: { checkJti: false } });
        /** @type {(jwt: string) => void} */
        let answer = () => {};
        let asked = 0;
        const identityTokenProvider = () =>
          (asked += 1) === 2 ? new Promise((resolve) => void (answer = resolve)) : Promise.resolve(jwt);
        const cache = new context.pkg.TokenCache(newIdentity(context, tenant, { identityTokenProvider }));
        const first = await cache.getToken();
        clock.advance(600 - 50);
        equal(await cache.getToken(), first, "token");
        clock.advance(20);
        const waiting = exchanged(cache);
        await settled();
        equal(asked, 2, "how often it was asked for an identity token");
        answer(jwt);
        ok((await waiting).token !== first, "the token is not a new one");
        equal((await tenant.log()).length, 2, "the number of exchanges");
      }),
  },
];

/** @param {() => Promise<void>} run */
function withShortTimers(run) {
  return withTimers(run, (ms) => (ms >= 25_000 ? SHORT_MS : undefined));
}
