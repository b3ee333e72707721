import { equal, ok, within } from "./check.js";
import { withClock } from "./clock.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { TokenCacheOptions } from "../../../pkg-template/index.d.ts" */
/** @import { Case, Context } from "./context.js" */

const vercelContext = Symbol.for("@vercel/request-context");

/** @type {Case[]} */
export const cacheKeepAliveCases = [
  ...[undefined, new Error("no network")].map((failure) => ({
    name: `the host is told of an exchange that ${failure ? "fails" : "succeeds"}, for as long as it takes`,
    run: (/** @type {Context} */ context) => lastsAsLong(context, failure, (options) => options),
  })),
  ...[undefined, new Error("no network")].map((failure) => ({
    name: `so is Vercel, which is found by itself, of one that ${failure ? "fails" : "succeeds"}`,
    runtimes: /** @type {Case["runtimes"]} */ (["node", "deno", "bun"]),
    run: (/** @type {Context} */ context) =>
      lastsAsLong(context, failure, ({ waitUntil }) => {
        const request = {
          promises: 0,
          /** @param {Promise<unknown>} promise */
          waitUntil(promise) {
            this.promises += 1; // as a method of the request that is current
            waitUntil?.(promise);
          },
        };
        /** @type {any} */ (globalThis)[vercelContext] = { get: () => request };
        return {};
      }).finally(() => {
        delete (/** @type {any} */ (globalThis)[vercelContext]);
      }),
  })),
  {
    name: "the host is told of a background refresh, and of nothing when a token is kept",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        /** @type {Promise<unknown>[]} */
        const kept = [];
        const cache = new pkg.TokenCache(provider.call, { waitUntil: (promise) => kept.push(promise) });
        await cache.call();
        await Promise.all(kept.splice(0));
        for (let call = 0; call < 5; call += 1) await cache.call();
        equal(kept.length, 0, "the promises of calls that are answered at once");
        clock.advance(3600 - 60);
        provider.holds = true;
        equal(await cache.getToken(), "t1", "token");
        ok(kept.length > 0, "there is no promise of the background refresh");
        const isOver = Promise.all(kept).then(() => "over");
        equal(await Promise.race([isOver, settled()]), undefined, "the promise while the refresh goes on");
        provider.release();
        equal(await within(5000, isOver, "the promise"), "over", "the promise");
        equal(await cache.getToken(), "t2", "token");
      }),
  },
  {
    name: "the host is told of everybody who joins, because each of them may be the last to stay",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      let told = 0;
      const cache = new pkg.TokenCache(provider.call, { waitUntil: () => (told += 1) });
      provider.holds = true;
      const calls = [cache.call()];
      for (let joiner = 0; joiner < 3; joiner += 1) {
        const before = told;
        calls.push(cache.call());
        ok(told > before, "it was not told of a joiner");
      }
      provider.release();
      await Promise.all(calls);
    },
  },
  ...[
    { title: "throws", waitUntil: () => ok(false, "not within a request") },
    { title: "does nothing", waitUntil: () => {} },
  ].map(({ title, waitUntil }) => ({
    name: `a waitUntil that ${title} harms nobody`,
    async run(/** @type {Context} */ { pkg }) {
      const cache = new pkg.TokenCache(new ScriptedProvider().call, { waitUntil });
      equal((await Promise.all([cache.getToken(), cache.getToken()])).join(), "t1,t1", "the tokens");
    },
  })),
];

/**
 * @param {Context} context
 * @param {unknown} failure
 * @param {(options: TokenCacheOptions) => TokenCacheOptions} install
 */
async function lastsAsLong({ pkg }, failure, install) {
  const provider = new ScriptedProvider();
  provider.holds = true;
  provider.failure = failure;
  /** @type {Promise<unknown>[]} */
  const kept = [];
  const cache = new pkg.TokenCache(provider.call, install({ waitUntil: (promise) => kept.push(promise) }));
  const call = cache.getToken().catch((error) => error);
  ok(kept.length > 0, "the host was told nothing");
  const isOver = Promise.all(kept).then(() => "over"); // rejects when one of them does
  equal(await Promise.race([isOver, settled()]), undefined, "the promise while the exchange goes on");
  provider.release();
  equal(await call, failure ?? "t1", "what the caller got");
  equal(await within(5000, isOver, "the promise"), "over", "the promise");
}
