import { equal, ok } from "./check.js";
import { newTenant, realFetch } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";
import { listenersOf } from "./leftovers.js";

/** @import { WorkloadIdentityOptions } from "../../../pkg-template/index.d.ts" */
/** @import { Fault } from "../../endpoint/fault_queue.js" */
/** @import { Case, Context } from "./context.js" */

/** @typedef {"provider" | "headers" | "body" | "dripping body"} Stage */

/** @type {Record<Stage, Fault[]>} */
const faultsOf = {
  provider: [],
  headers: [{ kind: "hang" }],
  body: [{ kind: "hangBody" }],
  "dripping body": [{ kind: "drip", ms: 30 }],
};
const stages = /** @type {Stage[]} */ (Object.keys(faultsOf));

/** @type {Array<[title: string, reason: unknown]>} */
const reasons = [
  ["no reason given", undefined],
  ["an Error", new Error("the request was cancelled")],
  ["a string", "cancelled"],
  ["null", null],
];

/** @type {Case[]} */
export const abortCases = [
  ...stages.flatMap((stage) =>
    reasons.map(([title, reason]) => ({
      name: `ends at once while it waits for: ${stage} (${title})`,
      run: (/** @type {Context} */ context) => endsAtOnce(context, stage, reason),
    })),
  ),
  {
    name: "the provider's signal is aborted too",
    async run(context) {
      const caller = new AbortController();
      /** @type {AbortSignal | undefined} */
      let given;
      const identity = newIdentity(context, await newTenant(context), {
        identityTokenProvider({ signal }) {
          given = signal;
          caller.abort();
          return new Promise(() => {});
        },
      });
      await failure(context, identity, { code: "ERR_ABORTED" }, { signal: caller.signal });
      ok(given?.aborted, "the provider's signal is not aborted");
    },
  },
  ...reasons.map(([title, reason]) => ({
    name: `does not even ask the provider when it is aborted already (${title})`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context);
      let calls = 0;
      const identityTokenProvider = () => `${(calls += 1)}`;
      const identity = newIdentity(context, tenant, { identityTokenProvider });
      const signal = AbortSignal.abort(reason);
      const error = await failure(context, identity, { code: "ERR_ABORTED", retryable: false }, { signal });
      equal(error.cause, signal.reason, "cause");
      equal(calls, 0, "calls of the provider");
      equal((await tenant.log()).length, 0, "the number of requests");
    },
  })),
  {
    name: "a signal of a timeout is the caller's abort, not a timeout of the exchange",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "hang" }] });
      const signal = AbortSignal.timeout(100);
      const error = await failure(context, newIdentity(context, tenant), { code: "ERR_ABORTED" }, { signal });
      equal(error.cause, signal.reason, "cause");
    },
  },
  {
    name: "ends this caller only",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "delay", ms: 200, times: 3 }] });
      const identity = newIdentity(context, tenant);
      const caller = new AbortController();
      const others = [exchanged(identity), exchanged(identity)];
      const leaving = failure(context, identity, { code: "ERR_ABORTED" }, { signal: caller.signal });
      caller.abort();
      await leaving;
      for (const other of await Promise.all(others)) ok(other.token, "no token");
    },
  },
  {
    name: "after the exchange an abort does nothing",
    async run(context) {
      const identity = newIdentity(context, await newTenant(context));
      const caller = new AbortController();
      const { token } = await exchanged(identity, { signal: caller.signal });
      caller.abort();
      ok(token && (await exchanged(identity)).token, "no token");
    },
  },
  {
    name: "leaves no listener on a signal that many calls share",
    async run(context) {
      const { signal } = new AbortController();
      const listening = listenersOf(signal);
      const tenant = await newTenant(context, { faults: [{ kind: "html" }] });
      const identity = newIdentity(context, tenant);
      await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED" }, { signal });
      await exchanged(identity, { signal });
      equal(listening.size, 0, "the number of listeners");
    },
  },
  ...["abort", 5, {}, true].map((signal) => ({
    name: `refuses a signal that is none: ${JSON.stringify(signal)}`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context);
      const identity = newIdentity(context, tenant);
      await failure(context, identity, { code: "ERR_INVALID_OPTIONS" }, /** @type {any} */ ({ signal }));
      equal((await tenant.log()).length, 0, "the number of requests");
    },
  })),
];

/**
 * @param {Context} context
 * @param {Stage} stage
 * @param {unknown} reason
 */
async function endsAtOnce(context, stage, reason) {
  const tenant = await newTenant(context, { faults: faultsOf[stage] });
  const caller = new AbortController();
  const abort = () => caller.abort(reason);
  /** @type {Partial<WorkloadIdentityOptions>} */
  const options = {};
  if (stage === "provider") {
    options.identityTokenProvider = () => {
      setTimeout(abort, 0);
      return new Promise(() => {});
    };
  } else {
    options.fetch = async (url, init) => {
      const response = realFetch(url, init);
      if (stage === "headers") tenant.lastEntry(({ outcome }) => outcome === "fault:hang").then(abort);
      else await response.then(() => setTimeout(abort, 60));
      return response;
    };
  }
  // Its own deadline is far away: what ends it is the abort.
  const identity = newIdentity(context, tenant, { ...options, timeoutMs: 60_000 });
  const expected = /** @type {const} */ ({ code: "ERR_ABORTED", retryable: false });
  const error = await failure(context, identity, expected, { signal: caller.signal });
  equal(error.cause, caller.signal.reason, "cause");
  if (stage !== "provider") await tenant.lastEntry(({ clientGone }) => clientGone);
  await tenant.setFaults();
  await exchanged(newIdentity(context, tenant));
}
