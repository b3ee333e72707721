import { deepEqual, equal, ok, rejectionOf, within } from "./check.js";
import { withClock } from "./clock.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";
import { knownMembers } from "./vector_input.js";

/** @import { AccessToken, TokenCache } from "../../../pkg-template/index.d.ts" */
/** @import { Clock } from "./clock.js" */
/** @import { Case, Context } from "./context.js" */

/**
 * @typedef {object} Scene
 * @property {TokenCache} cache
 * @property {ScriptedProvider} provider
 * @property {Clock} clock
 * @property {any[]} reported failures of background refreshes
 * @property {Map<string, Promise<AccessToken>>} started calls that are under way, by their id
 */

/** @typedef {{ members: string[], run: (step: any, scene: Scene) => unknown }} Step */

/** What waits for a refresh that is held waits for ever, so a short limit would only find slow machines. */
const LIMIT_MS = 5000;

const outcomeMembers = ["expect", "expect_any", "expect_error", "within_ms"];

/** @type {Record<string, Step>} by their `op` */
const calls = {
  get: { members: outcomeMembers, run: (step, { cache }) => checkOutcome(step, cache.call()) },
  get_start: {
    members: ["id"],
    run({ id }, { cache, started }) {
      const call = cache.call();
      call.catch(() => {}); // is looked at when it is joined
      started.set(id, call);
    },
  },
  get_join: {
    members: ["id", ...outcomeMembers],
    run(step, { started }) {
      const call = started.get(step.id);
      ok(call, `no call ${step.id} was started`);
      return checkOutcome(step, call);
    },
  },
  get_times: {
    members: ["n", ...outcomeMembers],
    async run({ n, ...step }, { cache }) {
      equal(typeof n, "number", "the type of n");
      for (let call = 0; call < n; call += 1) await checkOutcome(step, cache.call());
    },
  },
  invalidate: {
    members: ["token"],
    run: (step, { cache }) => ("token" in step ? cache.invalidate(step.token) : cache.invalidate()),
  },
  expire: {
    members: [],
    run: (_, { clock, provider }) => clock.advance(Math.max(0, provider.lastExpiry - Date.now() / 1000)),
  },
};

/** @type {Record<string, (value: any, scene: Scene) => unknown>} steps of one member */
const others = {
  advance: (seconds, { clock }) => clock.advance(seconds),
  settle: () => settled(),
  provider: (mode, { provider }) => setMode(mode, provider),
  async release(count, { provider }) {
    provider.holds = false;
    provider.release(Number(count));
  },
  expect_calls: (expected, { provider }) => equal(provider.calls, expected, "calls of the provider"),
  expect_calls_max: (most, { provider }) => ok(provider.calls <= most, `the provider was called ${provider.calls} times`),
  expect_force: (expected, { provider }) => deepEqual(provider.forced, expected, "what the provider was told"),
  expect_force_last: (expected, { provider }) => equal(provider.forced.at(-1), expected, "what it was told last"),
  expect_advisory_error: (expected, { reported }) => equal(reported.at(-1)?.message, expected, "what was reported"),
};

/**
 * The conformance cases of the cache, with stopped clocks.
 *
 * @param {{ constants: Record<string, any>, cases: any[] }} vectors
 * @returns {Case[]}
 */
export function cacheVectorCases({ cases }) {
  return cases.map((vector) => ({
    name: vector.name,
    run: (/** @type {Context} */ context) => withClock((clock) => runVector(context, vector, clock)),
  }));
}

/**
 * @param {Context} context
 * @param {any} vector
 * @param {Clock} clock
 */
async function runVector({ pkg }, vector, clock) {
  knownMembers(vector, ["name", "kind", "steps", "note"], "the case");
  equal(vector.kind, "cache", "kind");
  const provider = new ScriptedProvider();
  /** @type {unknown[]} */
  const reported = [];
  // The windows of the cases have exact edges.
  const options = { jitter: 0, onRefreshError: (/** @type {unknown} */ error) => reported.push(error) };
  const scene = { cache: new pkg.TokenCache(provider.call, options), provider, clock, reported, started: new Map() };
  for (const [index, step] of vector.steps.entries()) {
    try {
      await runStep(step, scene);
    } catch (error) {
      throw new Error(`step ${index + 1}, ${JSON.stringify(step)}: ${error}`, { cause: error });
    }
  }
}

/**
 * @param {any} step
 * @param {Scene} scene
 */
function runStep({ op, ...step }, scene) {
  if (op !== undefined) {
    ok(Object.hasOwn(calls, op), `unknown op: ${op}`);
    knownMembers(step, calls[op].members, "the step");
    return calls[op].run(step, scene);
  }
  const [name, ...more] = Object.keys(step);
  equal(more.length, 0, "the number of further members");
  ok(Object.hasOwn(others, name), `unknown step: ${name}`);
  return others[name](step[name], scene);
}

/**
 * @param {any} step
 * @param {Promise<AccessToken>} call
 */
async function checkOutcome(step, call) {
  const ended = within(LIMIT_MS, call, "the call");
  if ("expect_error" in step) {
    const error = await rejectionOf(ended, "the call");
    equal(error?.message, step.expect_error, "the error");
  } else if (step.expect_any === true) {
    await ended.catch((error) => ok(!/did not settle/.test(error?.message), error?.message));
  } else {
    const { token } = await ended;
    if ("expect" in step) equal(token, step.expect, "token");
  }
}

/**
 * @param {any} mode
 * @param {ScriptedProvider} provider
 */
function setMode(mode, provider) {
  knownMembers(mode, ["ok", "fail", "hold", "lifetime"], "provider");
  provider.failure = "fail" in mode ? new Error(mode.fail) : undefined;
  provider.holds = mode.hold === true;
  if ("lifetime" in mode) provider.lifetime = mode.lifetime;
}
