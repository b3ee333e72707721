import { deepEqual, equal, match, ok, rejectionOf } from "./check.js";
import { withClock } from "./clock.js";
import { mint, newTenant } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";
import { ScriptedProvider } from "./scripted_provider.js";

/** @import { AccessTokenProvider, WorkloadIdentity } from "../../../pkg-template/index.d.ts" */
/** @import { Case, Context } from "./context.js" */

/** @type {Record<string, (identity: WorkloadIdentity) => AccessTokenProvider | WorkloadIdentity>} */
const providers = {
  "a WorkloadIdentity": (identity) => identity,
  "the call of a WorkloadIdentity": (identity) => identity.call,
  "a function": (identity) => (request) => identity.call(request),
};

/** @type {Case[]} */
export const tokenCacheCases = [
  ...Object.entries(providers).map(([title, provider]) => ({
    name: `keeps what comes from ${title}, and hands out one frozen object`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context);
      const cache = new context.pkg.TokenCache(provider(newIdentity(context, tenant)));
      const first = await exchanged(cache);
      match(first.token, /^sk-ant-oat01-/, "token");
      deepEqual(Object.keys(first).sort(), ["expiresAt", "scope", "token"], "the members of the token");
      ok(Object.isFrozen(first), "the token is not frozen");
      for (let call = 0; call < 5; call += 1) equal((await exchanged(cache)) === first, true, "whether it is the same object");
      await tenant.onlyEntry();
    },
  })),
  {
    name: "getToken is the bearer value",
    async run({ pkg }) {
      const cache = new pkg.TokenCache(new ScriptedProvider().call);
      equal(await cache.getToken(), "t1", "token");
      equal(await cache.getToken({}), "t1", "token");
      cache.invalidate("t1");
      equal(await cache.getToken({ forceRefresh: false }), "t2", "token");
    },
  },
  {
    name: "call is bound, and its request is optional in every way",
    async run({ pkg }) {
      const { call } = new pkg.TokenCache(new ScriptedProvider().call);
      const { signal } = new AbortController();
      const requests = [undefined, null, {}, { forceRefresh: true }, { signal: undefined }, { signal: null }, { signal }];
      for (const request of /** @type {any[]} */ (requests)) equal((await call(request)).token, "t1", "token");
    },
  },
  {
    name: "tells a function whether to force, in one argument and nothing more",
    async run({ pkg }) {
      /** @type {any[][]} */
      const given = [];
      const provider = (/** @type {any[]} */ ...request) => {
        given.push(request);
        return Promise.resolve({ token: "t", expiresAt: null });
      };
      const cache = new pkg.TokenCache(provider);
      await cache.call();
      cache.invalidate();
      await cache.call();
      deepEqual(given, [[{ forceRefresh: false }], [{ forceRefresh: true }]], "what it was called with");
    },
  },
  {
    name: "calls a function on nothing",
    async run({ pkg }) {
      /** @type {any} */
      let receiver = "nobody called it";
      await new pkg.TokenCache(
        /** @type {any} */ (
          async function () {
            // @ts-ignore: what it is called on is the question
            receiver = this;
            return { token: "t", expiresAt: null };
          }
        ),
      ).call();
      equal(receiver, undefined, "what it is called on");
    },
  },
  {
    name: "hands out a copy of what is not frozen, as it was",
    async run({ pkg }) {
      const mutable = { token: "t1", expiresAt: Date.now() / 1000 + 3600, scope: "workspace:developer" };
      const cache = new pkg.TokenCache(async () => mutable);
      const token = await cache.call();
      Object.assign(mutable, { token: "t2", expiresAt: 0 });
      ok(Object.isFrozen(token) && !Object.isFrozen(mutable), "the copy is not frozen, or the original is");
      deepEqual([token.token, token.scope], ["t1", "workspace:developer"], "the members");
      equal((await cache.call()) === token, true, "whether it is the same object");
    },
  },
  ...[undefined, true].map((forceRefresh) => ({
    name: `may stand in front of another cache${forceRefresh ? ", which is told to force" : ""}`,
    run: (/** @type {Context} */ { pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(new pkg.TokenCache(provider.call).call);
        equal(await cache.getToken(), "t1", "token");
        clock.advance(60);
        equal(await cache.getToken({ forceRefresh }), forceRefresh ? "t2" : "t1", "token");
        deepEqual(provider.forced, forceRefresh ? [false, true] : [false], "what the provider was told");
      }),
  })),
  {
    name: "keeps a token that never expires",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        let calls = 0;
        const cache = new pkg.TokenCache(async () => ({ token: `t${(calls += 1)}`, expiresAt: null }));
        for (const seconds of [0, 3600, 1e9]) {
          clock.advance(seconds);
          equal(await cache.getToken(), "t1", "token");
        }
        clock.setWall(-1e9);
        equal(await cache.getToken(), "t1", "token");
        equal(calls, 1, "calls of the provider");
      }),
  },
  {
    name: "a failure is not kept, and all who wait get the very same error",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call);
      const error = Object.assign(new Error("no network"), { retryable: true });
      provider.failure = error;
      const failed = await Promise.all(Array.from({ length: 10 }, () => rejectionOf(cache.call(), "the call")));
      ok(failed.every((thrown) => thrown === error), "what was thrown is another error");
      equal(provider.calls, 1, "calls of the provider");
      provider.failure = undefined;
      equal(await cache.getToken(), "t2", "token");
    },
  },
  ...[undefined, null, "no network", 5].map((thrown) => ({
    name: `a function that rejects with ${JSON.stringify(thrown)}, or throws it at once`,
    async run(/** @type {Context} */ { pkg }) {
      const fail = () => {
        throw thrown;
      };
      for (const provider of [fail, async () => fail()]) {
        equal(await rejectionOf(new pkg.TokenCache(provider).call(), "the call"), thrown, "what was thrown");
      }
    },
  })),
  {
    name: "an exchange that is refused rejects with what the exchange says",
    async run(context) {
      const headers = { "retry-after": "7" };
      const tenant = await newTenant(context, { faults: [{ kind: "reply", status: 429, headers, body: {} }] });
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      const expected = /** @type {const} */ ({ code: "ERR_EXCHANGE_REFUSED", statusCode: 429, retryable: true, retryAfter: 7 });
      await failure(context, cache, expected);
      ok((await exchanged(cache)).token, "no token");
    },
  },
  {
    name: "a token of twenty seconds is used, not exchanged at every call",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      provider.lifetime = 20;
      const cache = new pkg.TokenCache(provider.call);
      for (let call = 0; call < 10; call += 1) equal(await cache.getToken(), "t1", "token");
      equal(provider.calls, 1, "calls of the provider");
    },
  },
  {
    name: "tokens that have expired when they come are handed to who waits, and to nobody else",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        for (const lifetime of [0, -1, -3600]) {
          const provider = new ScriptedProvider();
          provider.lifetime = lifetime;
          const cache = new pkg.TokenCache(provider.call);
          await cache.call().catch(() => {}); // or is refused
          clock.advance(0.001);
          await cache.call().catch(() => {});
          equal(provider.calls, 2, `calls of the provider, with a lifetime of ${lifetime}`);
          provider.lifetime = 3600;
          equal(await cache.getToken(), "t3", "token");
        }
      }),
  },
  {
    name: "identities are apart: one's token is not the other's",
    async run(context) {
      const tenant = await newTenant(context);
      const jwts = [await mint(context), await mint(context)];
      const tokens = jwts.map((jwt) => {
        const identity = newIdentity(context, tenant, { identityTokenProvider: () => jwt });
        return new context.pkg.TokenCache(identity).getToken();
      });
      equal(new Set(await Promise.all(tokens)).size, 2, "the number of different tokens");
    },
  },
];
