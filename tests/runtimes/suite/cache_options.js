import { equal, match, ok, rejectionOf, shown, thrownBy } from "./check.js";
import { withClock } from "./clock.js";
import { checkError } from "./identity.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { TokenCacheOptions } from "../../../pkg-template/index.d.ts" */
/** @import { Case, Context } from "./context.js" */

const notSeconds = [-1, -0.001, NaN, Infinity, -Infinity, "60", "", true, {}, [60], 60n];
const notFunctions = ["f", "", 5, true, {}, []];

/** @type {Array<[option: string, values: unknown[]]>} */
const invalid = [
  ["advisoryRefresh", notSeconds],
  ["mandatoryRefresh", notSeconds],
  ["jitter", [-0.01, 1.01, 25, NaN, Infinity, "0.25", true, {}]],
  ["timeoutMs", [0, -1, NaN, Infinity, 0.5, 2 ** 31, "5", true, {}, 5n]],
  ["waitUntil", notFunctions],
  ["onRefreshError", notFunctions],
];

/** @type {Array<[option: string, values: unknown[]]>} */
const valid = [
  ["advisoryRefresh", [undefined, null, 0, 0.5, 60, 1e12]],
  ["mandatoryRefresh", [undefined, null, 0, 0.5, 60, 1e12]],
  ["jitter", [undefined, null, 0, 0.5, 1]],
  ["timeoutMs", [undefined, null, 1, 2 ** 31 - 1]],
  ["waitUntil", [undefined, null, () => {}]],
  ["onRefreshError", [undefined, null, () => {}]],
  ["unknownOption", [1]],
];

const expiresAt = () => Math.floor(Date.now() / 1000) + 3600;
const secret = "sk-ant-oat01-Zm9vYmFyYmF6cXV4";

/** @type {Array<[title: string, answer: () => unknown]>} */
const garbage = [
  ["nothing", () => undefined],
  ["null", () => null],
  ["a string", () => secret],
  ["a number", () => 5],
  ["an array", () => [secret, expiresAt()]],
  ["an empty object", () => ({})],
  ["a token response", () => ({ access_token: secret, token_type: "Bearer", expires_in: 3600 })],
  ["a response", () => new Response("{}")],
  ["no token", () => ({ expiresAt: expiresAt() })],
  ["an empty token", () => ({ token: "", expiresAt: expiresAt() })],
  ["a token that is null", () => ({ token: null, expiresAt: expiresAt() })],
  ["a token that is a number", () => ({ token: 123, expiresAt: expiresAt() })],
  ["a token that is an object", () => ({ token: { token: secret }, expiresAt: expiresAt() })],
  ["a token of two lines", () => ({ token: `${secret}\r\nx-evil: 1`, expiresAt: expiresAt() })],
  ["a token with a line end", () => ({ token: `${secret}\n`, expiresAt: expiresAt() })],
  ["a token with a space", () => ({ token: `${secret} x`, expiresAt: expiresAt() })],
  ["a token with a zero", () => ({ token: `${secret}\0`, expiresAt: expiresAt() })],
  ["a token that is not ASCII", () => ({ token: `${secret}é`, expiresAt: expiresAt() })],
  ["no expiry", () => ({ token: secret })],
  ["an expiry that is NaN", () => ({ token: secret, expiresAt: NaN })],
  ["an expiry of minus infinity", () => ({ token: secret, expiresAt: -Infinity })],
  ["an expiry that is a string", () => ({ token: secret, expiresAt: String(expiresAt()) })],
  ["an expiry that is a Date", () => ({ token: secret, expiresAt: new Date() })],
  ["an expiry that is a bigint", () => ({ token: secret, expiresAt: 5n })],
  ["an expiry that is true", () => ({ token: secret, expiresAt: true })],
];

/** @type {Case[]} */
export const cacheOptionCases = [
  ...[undefined, null, "", "t1", 5, true, {}, [], { token: "t1", expiresAt: null }, { call() {} }, Promise.resolve()].map(
    (provider) => ({
      name: `refuses ${provider instanceof Promise ? "a promise" : shown(provider)} for a provider`,
      run(/** @type {Context} */ context) {
        const construct = () => new context.pkg.TokenCache(/** @type {any} */ (provider));
        match(refused(context, construct).message, /provider/, "message");
      },
    }),
  ),
  ...invalid.flatMap(([option, values]) =>
    values.map((value) => ({
      name: `refuses ${option}: ${named(value)}`,
      run(/** @type {Context} */ context) {
        match(refused(context, () => construct(context, { [option]: value })).message, new RegExp(option), "message");
      },
    })),
  ),
  ...valid.flatMap(([option, values]) =>
    values.map((value) => ({
      name: `accepts ${option}: ${named(value)}`,
      async run(/** @type {Context} */ context) {
        equal(await construct(context, { [option]: value }).getToken(), "t1", "token");
      },
    })),
  ),
  ...[null, 5, "jitter", true, () => {}].map((options) => ({
    name: `takes ${named(options)} for no options, or refuses it`,
    async run(/** @type {Context} */ context) {
      try {
        equal(await construct(context, options).getToken(), "t1", "token");
      } catch (error) {
        checkError(context, /** @type {any} */ (error), { code: "ERR_INVALID_OPTIONS" });
      }
    },
  })),
  {
    name: "cannot be called as a function",
    run({ pkg }) {
      const call = /** @type {any} */ (pkg.TokenCache);
      ok(thrownBy(() => call(() => {}), "the call") instanceof TypeError, "it threw no TypeError");
    },
  },
  ...garbage.map(([title, answer]) => ({
    name: `refuses what a provider returns: ${title}`,
    async run(/** @type {Context} */ context) {
      const cache = new context.pkg.TokenCache(/** @type {any} */ (async () => answer()));
      const failures = [];
      for (let call = 0; call < 2; call += 1) failures.push(await rejectionOf(cache.call(), "the call"));
      for (const error of failures) {
        checkError(context, error, { code: "ERR_INVALID_OPTIONS", retryable: false });
        match(error.message, /provider/, "message");
        checkNoSecretIn(context, error, secret);
      }
    },
  })),
  {
    name: "a provider that returns garbage may return a token later",
    async run({ pkg }) {
      const answers = /** @type {any[]} */ (["garbage", { token: "t2", expiresAt: null }]);
      const cache = new pkg.TokenCache(async () => answers.shift());
      await rejectionOf(cache.call(), "the call");
      equal(await cache.getToken(), "t2", "token");
    },
  },
  ...garbage.slice(0, 6).map(([title, answer]) => ({
    name: `reports what a provider returns in the background: ${title}`,
    run: (/** @type {Context} */ context) =>
      withClock(async (clock) => {
        const answers = /** @type {any[]} */ ([{ token: "t1", expiresAt: expiresAt() }, answer()]);
        /** @type {any[]} */
        const reported = [];
        const onRefreshError = (/** @type {unknown} */ error) => reported.push(error);
        const cache = new context.pkg.TokenCache(async () => answers.shift(), { onRefreshError });
        await cache.call();
        clock.advance(3600 - 40);
        equal(await cache.getToken(), "t1", "token");
        await settled();
        equal(await cache.getToken(), "t1", "token");
        equal(reported.length, 1, "the number of reports");
        checkError(context, reported[0], { code: "ERR_INVALID_OPTIONS" });
      }),
  })),
  ...[
    { options: {}, advisory: 120, mandatory: 30 },
    { options: { advisoryRefresh: 300 }, advisory: 300, mandatory: 30 },
    { options: { mandatoryRefresh: 60 }, advisory: 120, mandatory: 60 },
    { options: { advisoryRefresh: 600, mandatoryRefresh: 0 }, advisory: 600, mandatory: 0 },
    { options: { advisoryRefresh: 60, mandatoryRefresh: 90 }, advisory: 90, mandatory: 90 },
    { options: { advisoryRefresh: 0, mandatoryRefresh: 0 }, advisory: 0, mandatory: 0 },
    { options: { advisoryRefresh: 1e9, mandatoryRefresh: 1e9 }, advisory: 1800, mandatory: 1800 },
    { options: {}, lifetime: 600, advisory: 120, mandatory: 30 },
    { options: {}, lifetime: 60, advisory: 12, mandatory: 6 },
    { options: { jitter: 0.5 }, random: 1, advisory: 75, mandatory: 30 },
    { options: { jitter: 1 }, random: 0.5, advisory: 75, mandatory: 30 },
    { options: { jitter: 1 }, random: 0, advisory: 120, mandatory: 30 },
  ].map(({ options, lifetime = 3600, random = 0, advisory, mandatory }) => ({
    name: `with ${JSON.stringify(options)} and ${lifetime} s a refresh starts at ${advisory} and all wait from ${mandatory}`,
    run: (/** @type {Context} */ context) => checkWindows(context, { jitter: 0, ...options }, { lifetime, random, advisory, mandatory }),
  })),
];

/**
 * @param {Context} context
 * @param {TokenCacheOptions} options
 * @param {{ lifetime: number, random: number, advisory: number, mandatory: number }} expected
 */
async function checkWindows({ pkg }, options, { lifetime, random, advisory, mandatory }) {
  const { random: realRandom } = Math;
  Math.random = () => random;
  try {
    /** @type {Array<[left: number, token: string]>} */
    const served = [
      [advisory + 1, "t1"],
      [advisory, advisory > mandatory ? "t1" : "t2"],
      [mandatory + 1, "t1"],
      [mandatory, "t2"],
    ];
    for (const [left, token] of served) {
      await withClock(async (clock) => {
        const provider = new ScriptedProvider();
        provider.lifetime = lifetime;
        const cache = new pkg.TokenCache(provider.call, options);
        await cache.call();
        clock.advance(lifetime - left);
        equal(await cache.getToken(), token, `the token with ${left} s left`);
        await settled();
        equal(provider.calls, left > advisory ? 1 : 2, `calls of the provider with ${left} s left`);
      });
    }
  } finally {
    Math.random = realRandom;
  }
}

/**
 * @param {Context} context
 * @param {any} options
 */
function construct({ pkg }, options) {
  return new pkg.TokenCache(new ScriptedProvider().call, options);
}

/**
 * @param {Context} context
 * @param {() => unknown} action
 */
function refused(context, action) {
  const error = thrownBy(action, "the constructor");
  checkError(context, error, { code: "ERR_INVALID_OPTIONS", statusCode: null, body: null, retryable: false });
  return error;
}

/** @param {unknown} value */
function named(value) {
  return typeof value === "bigint" ? `${value}n` : shown(value);
}
