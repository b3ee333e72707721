import { equal, ok } from "./check.js";
import { withClock } from "./clock.js";
import { newTenant } from "./emulator.js";
import { exchanged, newIdentity } from "./identity.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { Clock } from "./clock.js" */
/** @import { Case, Context } from "./context.js" */

const HOUR = 3600;

/** @typedef {(clock: Clock) => void} Change */

/** @type {Array<[title: string, change: Change]>} */
const expiring = [
  ["an hour passes", (clock) => clock.advance(HOUR)],
  ["an hour passes, and the wall clock goes back two hours at its end", (clock) => (clock.advance(HOUR), clock.setWall(-2 * HOUR))],
  ["the wall clock goes back two hours, and an hour passes", (clock) => (clock.setWall(-2 * HOUR), clock.advance(HOUR))],
  ["the wall clock goes back half an hour, and an hour passes", (clock) => (clock.setWall(-HOUR / 2), clock.advance(HOUR))],
  ["the wall clock goes back fifty years, and an hour passes", (clock) => (clock.setWall(-50 * 365 * 24 * HOUR), clock.advance(HOUR))],
  ["the wall clock goes forward an hour", (clock) => clock.setWall(HOUR)],
  ["the wall clock goes forward fifty years", (clock) => clock.setWall(50 * 365 * 24 * HOUR)],
  ["the machine sleeps for an hour, and the steady clock with it", (clock) => clock.setWall(HOUR)],
  ["the machine sleeps for a week, and the steady clock goes on", (clock) => clock.advance(7 * 24 * HOUR)],
  ["an hour passes while the wall clock stands still", (clock) => clock.moveSteady(HOUR)],
];

/** @type {Array<[title: string, change: Change]>} */
const harmless = [
  ["the wall clock goes back a second", (clock) => clock.setWall(-1)],
  ["the wall clock goes forward some seconds", (clock) => clock.setWall(5)],
  ["half an hour passes by both clocks", (clock) => clock.advance(HOUR / 2)],
  ["the machine sleeps for half an hour", (clock) => clock.setWall(HOUR / 2)],
  ["half an hour passes, and the wall clock goes back a quarter", (clock) => (clock.advance(HOUR / 2), clock.setWall(-HOUR / 4))],
  ["the wall clock is slow: it goes back a second every ten minutes", (clock) => {
    for (let step = 0; step < 5; step += 1) clock.advance(600), clock.setWall(-1);
  }],
];

/** @type {Case[]} */
export const cacheClockCases = [
  ...expiring.map(([title, change]) => ({
    name: `${title}: the token is served no more, and one exchange is enough`,
    run: (/** @type {Context} */ { pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call);
        equal(await cache.getToken(), "t1", "token");
        change(clock);
        for (let call = 0; call < 5; call += 1) equal(await cache.getToken(), "t2", "token");
        equal(provider.calls, 2, "calls of the provider");
      }),
  })),
  ...harmless.map(([title, change]) => ({
    name: `${title}: the token is still served, and nothing is exchanged`,
    run: (/** @type {Context} */ { pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call);
        await cache.call();
        change(clock);
        equal(await cache.getToken(), "t1", "token");
        await settled();
        equal(provider.calls, 1, "calls of the provider");
      }),
  })),
  ...[2, 5, 60].map((seconds) => ({
    name: `the wall clock goes back ${seconds} s again and again: at most an exchange each time`,
    run: (/** @type {Context} */ { pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call);
        await cache.call();
        for (let step = 1; step <= 10; step += 1) {
          clock.setWall(-seconds);
          for (let call = 0; call < 20; call += 1) await cache.call();
          await settled();
          ok(provider.calls <= 1 + step, `the provider was called ${provider.calls} times after ${step} steps`);
        }
      }),
  })),
  {
    name: "a background refresh is due by either clock",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        for (const change of /** @type {Change[]} */ ([
          () => clock.advance(HOUR - 60),
          () => clock.setWall(HOUR - 60),
          () => clock.moveSteady(HOUR - 60),
        ])) {
          const provider = new ScriptedProvider();
          const cache = new pkg.TokenCache(provider.call);
          await cache.call();
          change(clock);
          equal(await cache.getToken(), "t1", "token");
          await settled();
          equal(await cache.getToken(), "t2", "token");
        }
      }),
  },
  {
    name: "a pause after a failure is by the steady clock, so that a wall clock set back does not make it longer",
    run: ({ pkg }) =>
      withClock(async (clock) => {
        const provider = new ScriptedProvider();
        const cache = new pkg.TokenCache(provider.call);
        await cache.call();
        clock.advance(HOUR - 60);
        provider.failure = new Error("no network");
        await cache.call();
        await settled();
        provider.failure = undefined;
        clock.setWall(-HOUR / 2);
        clock.advance(5);
        equal(await cache.getToken(), "t1", "token");
        await settled();
        equal(await cache.getToken(), "t3", "token");
      }),
  },
  {
    name: "a machine whose wall clock is an hour off exchanges as any other",
    run: (context) =>
      withClock(async (clock) => {
        for (const seconds of [-HOUR, 2 * HOUR]) {
          clock.setWall(seconds);
          const tenant = await newTenant(context);
          const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
          const { token } = await exchanged(cache);
          clock.advance(400);
          equal((await exchanged(cache)).token, token, "token");
          clock.advance(200);
          ok((await exchanged(cache)).token !== token, "the token is not a new one");
          equal((await tenant.log()).length, 2, "the number of exchanges");
        }
      }),
  },
];
