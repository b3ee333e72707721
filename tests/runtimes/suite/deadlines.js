import { equal, match, ok, within } from "./check.js";
import { mint, newTenant, realFetch } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";

/** @import { WorkloadIdentityOptions } from "../../../pkg-template/index.d.ts" */
/** @import { Fault } from "../../endpoint/fault_queue.js" */
/** @import { Case, Context } from "./context.js" */

const TIMEOUT_MS = 150;
/** What has not ended after twenty times its time does not end in time. */
const LIMIT_MS = 20 * TIMEOUT_MS;

/** A number that no other timer has. */
const LONG_TIMEOUT_MS = 54_321;

const never = () => new Promise(() => {});

/** @type {Array<{ name: string, faults?: Fault[], options?: Partial<WorkloadIdentityOptions> }>} */
const hanging = [
  { name: "a provider that never resolves", options: { identityTokenProvider: /** @type {any} */ (never) } },
  { name: "a provider that returns a thenable that does nothing", options: { identityTokenProvider: deadThenable } },
  { name: "an endpoint that never answers", faults: [{ kind: "hang" }] },
  { name: "an endpoint that never ends its body", faults: [{ kind: "hangBody" }] },
  {
    name: "an endpoint that never ends the body of an error",
    faults: [{ kind: "hangBody" }],
    options: { identityTokenProvider: () => "not-a-jwt" },
  },
  { name: "an endpoint whose body drips", faults: [{ kind: "drip", ms: 20 }] },
  { name: "a fetch that ignores its signal", options: { fetch: /** @type {any} */ (never) } },
  { name: "a fetch whose body ignores its signal", options: { fetch: endlessBody } },
];

/** @type {Case[]} */
export const deadlineCases = [
  ...hanging.map(({ name, faults = [], options = {} }) => ({
    name: `times out: ${name}`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context, { faults });
      const identity = newIdentity(context, tenant, { timeoutMs: TIMEOUT_MS, ...options });
      const { message } = await timedOut(context, identity);
      match(message, /timeoutMs/, "message");
    },
  })),
  {
    name: "aborts the provider's signal at the deadline",
    async run(context) {
      /** @type {AbortSignal | undefined} */
      let given;
      const aborted = new Promise((resolve) => {
        const identity = newIdentity(context, { baseURL: "https://api.example" }, {
          timeoutMs: TIMEOUT_MS,
          identityTokenProvider({ signal }) {
            given = signal;
            signal.addEventListener("abort", () => resolve("aborted"));
            return new Promise(() => {});
          },
        });
        timedOut(context, identity).catch(resolve);
      });
      equal(await within(LIMIT_MS, aborted, "the event"), "aborted", "what happened");
      ok(given?.aborted, "the signal is not aborted");
    },
  },
  {
    name: "the provider may reject with the reason of its signal, which is still a timeout",
    async run(context) {
      const identity = newIdentity(context, { baseURL: "https://api.example" }, {
        timeoutMs: TIMEOUT_MS,
        identityTokenProvider: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason));
          }),
      });
      await timedOut(context, identity);
    },
  },
  {
    name: "is one deadline for all steps: each of them is in time, their sum is not",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "delay", ms: 300 }] });
      const identity = newIdentity(context, tenant, {
        timeoutMs: 500,
        identityTokenProvider: () =>
          new Promise((resolve) => {
            setTimeout(() => resolve(mint(context)), 300);
          }),
      });
      await timedOut(context, identity);
    },
  },
  {
    name: "takes its connection down with it",
    async run(context) {
      for (const kind of /** @type {const} */ (["hang", "hangBody", "drip"])) {
        const tenant = await newTenant(context, { faults: [kind === "drip" ? { kind, ms: 20 } : { kind }] });
        await timedOut(context, newIdentity(context, tenant, { timeoutMs: TIMEOUT_MS }));
        await tenant.lastEntry(({ clientGone }) => clientGone);
      }
    },
  },
  {
    name: "the same instance exchanges after every kind of timeout",
    async run(context) {
      /** @type {Fault[]} */
      const faults = [{ kind: "hang" }, { kind: "hangBody" }, { kind: "drip", ms: 20 }];
      const tenant = await newTenant(context, { faults });
      const identity = newIdentity(context, tenant, { timeoutMs: 1500 });
      for (let left = faults.length; left > 0; left -= 1) await failure(context, identity, { code: "ERR_TIMEOUT" });
      ok((await exchanged(identity)).token, "no token");
    },
  },
  {
    name: "a late answer of a provider or of a fetch goes nowhere",
    async run(context) {
      const tenant = await newTenant(context);
      /** @type {Array<(late: any) => void>} */
      const late = [];
      const pending = () => new Promise((resolve, reject) => late.push(resolve, reject));
      const identityTokenProvider = /** @type {any} */ (pending);
      await timedOut(context, newIdentity(context, tenant, { timeoutMs: TIMEOUT_MS, identityTokenProvider }));
      const fetch = /** @type {any} */ (pending);
      await timedOut(context, newIdentity(context, tenant, { timeoutMs: TIMEOUT_MS, fetch }));
      const [provide, , , fail] = late;
      provide("a.b.c");
      fail(new Error("too late"));
      await Promise.resolve();
      equal((await tenant.log()).length, 0, "the number of requests");
    },
  },
  {
    name: "leaves no timer behind, however it ends",
    async run(context) {
      const { setTimeout: start, clearTimeout: stop } = globalThis;
      const running = new Set();
      /** @type {any} */ (globalThis).setTimeout = (/** @type {[() => void, number]} */ ...timer) => {
        const handle = start(...timer);
        if (timer[1] === LONG_TIMEOUT_MS) running.add(handle);
        return handle;
      };
      /** @type {any} */ (globalThis).clearTimeout = (/** @type {any} */ handle) => {
        running.delete(handle);
        stop(handle);
      };
      try {
        const tenant = await newTenant(context, { faults: [{ kind: "html" }] });
        const identity = newIdentity(context, tenant, {
          timeoutMs: LONG_TIMEOUT_MS,
          identityTokenProvider() {
            equal(running.size, 1, "the number of timers during the exchange");
            return mint(context);
          },
        });
        await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED" });
        await exchanged(identity);
        await failure(context, identity, { code: "ERR_ABORTED" }, { signal: AbortSignal.abort() });
        await failure(context, identity, { code: "ERR_INVALID_OPTIONS" }, /** @type {any} */ ({ signal: {} }));
      } finally {
        Object.assign(globalThis, { setTimeout: start, clearTimeout: stop });
      }
      equal(running.size, 0, "the number of timers");
    },
  },
  ...[{ afterExchange: false }, { afterExchange: true }].map((timing) => ({
    name: `a connection that is reset before headers, ${timing.afterExchange ? "after" : "before"} the exchange`,
    run: (/** @type {Context} */ context) => recoversFrom(context, { kind: "reset", ...timing }),
  })),
  {
    name: "a connection that is reset in the body",
    run: (context) => recoversFrom(context, { kind: "resetBody" }),
  },
  {
    name: "a port on which nothing listens",
    async run(context) {
      const identity = newIdentity(context, { baseURL: `http://127.0.0.1:${context.closedPort}` });
      const error = await failure(context, identity, { code: "ERR_NETWORK", statusCode: null, retryable: true });
      ok(error.cause instanceof Error, "the cause is not an Error");
    },
  },
  {
    name: "a fetch that throws at once, or rejects: its error is the cause",
    async run(context) {
      const cause = new TypeError("no route to host");
      const fetches = [
        () => {
          throw cause;
        },
        () => Promise.reject(cause),
      ];
      for (const fetch of fetches) {
        const identity = newIdentity(context, { baseURL: "https://api.example" }, { fetch });
        const { message } = await failure(context, identity, { code: "ERR_NETWORK", cause, retryable: true });
        match(message, /no route to host/, "message");
      }
    },
  },
];

/**
 * @param {Context} context
 * @param {Fault} fault
 */
async function recoversFrom(context, fault) {
  const tenant = await newTenant(context, { faults: [{ ...fault, times: "forever" }] });
  const identity = newIdentity(context, tenant);
  const expected = /** @type {const} */ ({ code: "ERR_NETWORK", statusCode: null, retryable: true });
  const error = await failure(context, identity, expected);
  ok(error.cause !== undefined, "there is no cause");
  // Deno's own fetch sends a request again when a connection that it had used before is reset.
  if (context.runtime !== "deno") equal((await tenant.log()).length, 1, "the number of requests");
  await tenant.setFaults();
  ok((await exchanged(identity)).token, "no token");
}

/**
 * @param {Context} context
 * @param {{ call: () => Promise<any> }} identity
 */
function timedOut(context, identity) {
  const expected = /** @type {const} */ ({ code: "ERR_TIMEOUT", statusCode: null, retryable: true });
  return within(LIMIT_MS, failure(context, identity, expected), "the exchange");
}

/** @returns {any} */
function deadThenable() {
  return { then() {} };
}

/**
 * @param {string} url
 * @param {RequestInit} init
 */
async function endlessBody(url, { method, headers, body }) {
  const { status } = await realFetch(url, { method, headers, body, redirect: "manual" });
  return new Response(new ReadableStream(), { status });
}
