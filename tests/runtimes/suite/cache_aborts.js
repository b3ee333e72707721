import { equal, ok } from "./check.js";
import { newTenant } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";
import { listenersOf, withTimers } from "./leftovers.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { Case, Context } from "./context.js" */

/** No exchange takes as long, and no timer but those that bound a wait. */
const LONG_MS = 5000;

/** @type {Array<[title: string, reason: unknown]>} */
const reasons = [
  ["no reason given", undefined],
  ["an Error", new Error("the request was cancelled")],
  ["a string", "cancelled"],
  ["null", null],
];

const aborted = /** @type {const} */ ({ code: "ERR_ABORTED", statusCode: null, retryable: false });

/** @type {Case[]} */
export const cacheAbortCases = [
  ...reasons.flatMap(([title, reason]) =>
    [true, false].map((kept) => ({
      name: `aborted already (${title}): rejects at once, with ${kept ? "a" : "no"} token kept`,
      async run(/** @type {Context} */ context) {
        const provider = new ScriptedProvider();
        const cache = new context.pkg.TokenCache(provider.call);
        if (kept) await cache.call();
        const signal = AbortSignal.abort(reason);
        for (const forceRefresh of [false, true]) {
          const error = await failure(context, cache, aborted, { signal, forceRefresh });
          equal(error.cause, signal.reason, "cause");
        }
        equal(provider.calls, kept ? 1 : 0, "calls of the provider");
        equal(await cache.getToken(), "t1", "token");
      },
    })),
  ),
  ...reasons.flatMap(([title, reason]) =>
    ["first", "last"].map((who) => ({
      name: `the ${who} of those who wait leaves (${title}): alone, and at once`,
      run: (/** @type {Context} */ context) => leavesAlone(context, who === "first" ? 0 : 4, reason),
    })),
  ),
  {
    name: "all leave: the exchange goes on, and the next call has its token",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "delay", ms: 300 }] });
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      const caller = new AbortController();
      const leaving = [0, 1, 2].map(() => failure(context, cache, aborted, { signal: caller.signal }));
      await tenant.lastEntry(({ outcome }) => outcome === "fault:delay");
      caller.abort();
      await Promise.all(leaving);
      ok((await exchanged(cache)).token, "no token");
      equal((await tenant.onlyEntry()).clientGone, false, "whether the exchange was given up");
    },
  },
  {
    name: "a signal of a timeout is the caller's abort, not a timeout of the exchange",
    async run(context) {
      const cache = new context.pkg.TokenCache(() => new Promise(() => {}));
      const signal = AbortSignal.timeout(50);
      equal((await failure(context, cache, aborted, { signal })).cause, signal.reason, "cause");
    },
  },
  {
    name: "a caller who gives up without a signal takes nothing away from the others",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      const cache = new pkg.TokenCache(provider.call);
      provider.holds = true;
      const left = await Promise.race([cache.getToken(), settled().then(() => "nobody")]);
      equal(left, "nobody", "who was answered");
      const waiting = [cache.getToken(), cache.getToken()];
      provider.release();
      equal((await Promise.all(waiting)).join(), "t1,t1", "the tokens");
      equal(await cache.getToken(), "t1", "token");
    },
  },
  {
    name: "an abort after the end does nothing",
    async run({ pkg }) {
      const cache = new pkg.TokenCache(new ScriptedProvider().call);
      const caller = new AbortController();
      await cache.call({ signal: caller.signal });
      caller.abort();
      equal(await cache.getToken(), "t1", "token");
    },
  },
  {
    name: "no listener stays on a signal that many calls share, and no timer runs on",
    run: (context) =>
      withTimers((running) => leavesNothing(context, running), (ms) => (ms >= LONG_MS ? ms : undefined)),
  },
  ...["abort", 5, {}, true].map((signal) => ({
    name: `refuses a signal that is none: ${JSON.stringify(signal)}`,
    run: (/** @type {Context} */ context) =>
      withTimers(
        async (running) => {
          const cache = new context.pkg.TokenCache(new ScriptedProvider().call);
          await failure(context, cache, { code: "ERR_INVALID_OPTIONS" }, /** @type {any} */ ({ signal }));
          await settled();
          equal(running.size, 0, "the number of timers");
          equal(await cache.getToken(), "t1", "token");
        },
        (ms) => (ms >= LONG_MS ? 100 : undefined), // one that is left behind shall not keep the process
      ),
  })),
];

/**
 * @param {Context} context
 * @param {number} index
 * @param {unknown} reason
 */
async function leavesAlone(context, index, reason) {
  const provider = new ScriptedProvider();
  const cache = new context.pkg.TokenCache(provider.call);
  provider.holds = true;
  const callers = Array.from({ length: 5 }, () => new AbortController());
  const calls = callers.map(({ signal }) => cache.call({ signal }));
  const leaving = failure(context, { call: () => calls[index] }, aborted);
  callers[index].abort(reason);
  equal((await leaving).cause, callers[index].signal.reason, "cause");
  provider.release();
  const tokens = await Promise.all(calls.filter((call) => call !== calls[index]));
  equal(tokens.map(({ token }) => token).join(), "t1,t1,t1,t1", "the tokens of the others");
  equal(provider.calls, 1, "calls of the provider");
}

/**
 * @param {Context} context
 * @param {Set<unknown>} running timers
 */
async function leavesNothing(context, running) {
  const provider = new ScriptedProvider();
  const cache = new context.pkg.TokenCache(provider.call);
  const caller = new AbortController();
  const { signal } = caller;
  const listening = listenersOf(signal);
  const round = async (/** @type {() => unknown} */ end) => {
    provider.holds = true;
    const calls = Promise.allSettled([1, 2, 3].map(() => cache.call({ signal })));
    equal(listening.size > 0 && running.size > 0, true, "whether there is a listener and a timer during the calls");
    end();
    await calls;
    await settled();
    equal(listening.size, 0, "the number of listeners");
    equal(running.size, 0, "the number of timers");
  };
  provider.failure = new Error("no network");
  await round(() => provider.release());
  provider.failure = undefined;
  await round(() => provider.release());
  await cache.call({ signal });
  cache.invalidate();
  await round(() => caller.abort());
  provider.release();
}
