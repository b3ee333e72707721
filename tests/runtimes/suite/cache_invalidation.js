import { deepEqual, equal, ok } from "./check.js";
import { withClock } from "./clock.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { Case, Context } from "./context.js" */

/** @type {Case[]} */
export const cacheInvalidationCases = [
  {
    name: "without a token: drops whichever is kept",
    async run(context) {
      for (const nothing of /** @type {any[]} */ ([[], [undefined], [null]])) {
        const { cache, provider } = await cacheWithToken(context);
        cache.invalidate(...nothing);
        equal(await cache.getToken(), "t2", "token");
        deepEqual(provider.forced, [false, true], "what the provider was told");
      }
    },
  },
  {
    name: "with a token: drops this one only",
    async run(context) {
      const { cache, provider } = await cacheWithToken(context);
      for (const other of ["t0", "t", "t11", "", "T1"]) cache.invalidate(other);
      equal(await cache.getToken(), "t1", "token");
      cache.invalidate("t1");
      cache.invalidate("t1");
      equal(await cache.getToken(), "t2", "token");
      cache.invalidate("t1");
      equal(await cache.getToken(), "t2", "token");
      equal(provider.calls, 2, "calls of the provider");
    },
  },
  {
    name: "of an empty cache",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call);
      cache.invalidate("t1");
      equal(await cache.getToken(), "t1", "token");
      deepEqual(provider.forced, [false], "what the provider was told");
    },
  },
  {
    name: "forces until a token has come, and not after it",
    async run(context) {
      const { cache, provider } = await cacheWithToken(context);
      cache.invalidate();
      provider.failure = new Error("no network");
      for (let call = 0; call < 3; call += 1) await cache.call().catch(() => {});
      provider.failure = undefined;
      await cache.call();
      cache.invalidate("t1");
      await cache.call();
      deepEqual(provider.forced, [false, true, true, true, true], "what the provider was told");
    },
  },
  {
    name: "during a refresh: who waits gets its token, who comes later gets a newer one",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call);
      provider.holds = true;
      const before = [cache.getToken(), cache.getToken()];
      cache.invalidate();
      const after = [cache.getToken(), cache.getToken()];
      await settled();
      deepEqual(provider.forced, [false, true], "what the provider was told");
      provider.release();
      deepEqual(await Promise.all([...before, ...after]), ["t1", "t1", "t2", "t2"], "the tokens");
      equal(await cache.getToken(), "t2", "token");
    },
  },
  {
    name: "during a refresh, with a token that is no longer kept: the refresh goes on for all",
    async run(context) {
      const { cache, provider } = await cacheWithToken(context);
      cache.invalidate("t1");
      provider.holds = true;
      const waiting = [cache.getToken()];
      cache.invalidate("t1");
      waiting.push(cache.getToken());
      provider.release();
      deepEqual(await Promise.all(waiting), ["t2", "t2"], "the tokens");
      equal(provider.calls, 2, "calls of the provider");
    },
  },
  {
    name: "during a background refresh: its token is not kept",
    run: (context) =>
      withClock(async (clock) => {
        const { cache, provider } = await cacheWithToken(context);
        clock.advance(3600 - 60);
        provider.holds = true;
        equal(await cache.getToken(), "t1", "token");
        cache.invalidate("t1");
        const waiting = cache.getToken();
        await settled();
        provider.release();
        equal(await waiting, "t3", "token");
        equal(await cache.getToken(), "t3", "token");
        deepEqual(provider.forced, [false, false, true], "what the provider was told");
      }),
  },
  {
    name: "a refresh of before an invalidation that lands last does not replace the newer token",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call);
      provider.holds = true;
      const slow = cache.getToken();
      cache.invalidate();
      provider.holds = false;
      equal(await cache.getToken(), "t2", "token");
      provider.release();
      equal(await slow, "t1", "token");
      equal(await cache.getToken(), "t2", "token");
    },
  },
  {
    name: "with what is no string: nothing breaks",
    async run(context) {
      const { cache } = await cacheWithToken(context);
      const { token } = await cache.call();
      for (const odd of /** @type {any[]} */ ([5, {}, [], true, Symbol(token), 5n, () => token, [token], { token, length: 2 }])) {
        for (let time = 0; time < 5; time += 1) cache.invalidate(odd);
        ok(/^t\d+$/.test(await cache.getToken()), "no token");
      }
    },
  },
];

/** @param {Context} context */
async function cacheWithToken({ pkg }) {
  const provider = new ScriptedProvider();
  const cache = new pkg.TokenCache(provider.call);
  equal(await cache.getToken(), "t1", "token");
  return { cache, provider };
}
