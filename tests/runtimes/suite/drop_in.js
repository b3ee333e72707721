/** What the suites of the official client and of the AI SDK share. */
import { deepEqual, equal, within } from "./check.js";
import { newIdentity } from "./identity.js";

/** @import { TokenCache, WorkloadIdentityOptions } from "../../../pkg-template/index.d.ts" */
/** @import { Context } from "./context.js" */
/** @import { Tenant } from "./emulator.js" */

export const MODEL = "claude-sonnet-5";
/** What the emulator's API answers whoever has a token that it knows. */
export const GREETING = /^Hello, repo:example\/app:\S+ \(via fdrl_01test\)\.$/;
export const OAUTH_BETA = "oauth-2025-04-20";

/** Longer than any call takes here, repeats included; what is not over by then hangs. */
const LIMIT_MS = 20_000;

/**
 * @template T
 * @param {PromiseLike<T>} call
 */
export function answered(call) {
  return within(LIMIT_MS, Promise.resolve(call), "the call");
}

/** @param {() => Promise<boolean>} isReached */
export async function until(isReached) {
  let over = false;
  const reaching = async () => {
    while (!over && !(await isReached())) await sleep(5);
  };
  await within(LIMIT_MS, reaching(), "what is waited for").finally(() => {
    over = true;
  });
}

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {Context} context
 * @param {Pick<Tenant, "baseURL">} tenant
 * @param {Partial<WorkloadIdentityOptions>} [options]
 * @returns {TokenCache}
 */
export function newCache(context, tenant, options) {
  return new context.pkg.TokenCache(newIdentity(context, tenant, options));
}

/** @param {Tenant} tenant */
export async function exchanges(tenant) {
  return (await tenant.log()).filter(({ kind }) => kind === "exchange");
}

/** @param {Tenant} tenant */
export async function apiCalls(tenant) {
  return (await tenant.log()).filter(({ kind }) => kind === "api");
}

/**
 * @param {Tenant} tenant
 * @param {number} expected
 */
export async function checkExchanges(tenant, expected) {
  equal((await exchanges(tenant)).length, expected, "the number of exchanges");
}

/**
 * Every call of the API was made with one bearer token, one flag that allows it, and nothing else that authenticates.
 *
 * @param {Tenant} tenant
 * @param {{ statuses: number[], betas?: string[] }} expected
 */
export async function checkApiCalls(tenant, { statuses, betas = [] }) {
  const calls = await apiCalls(tenant);
  deepEqual(calls.map(({ status }) => status), statuses, "the statuses of the API");
  for (const { headers } of calls) {
    equal(/^Bearer sk-ant-oat01-\S+$/.test(String(headers.authorization)), true, "authorization is a token");
    equal(headers["x-api-key"], undefined, "x-api-key");
    const flags = String(headers["anthropic-beta"]).split(",").map((flag) => flag.trim());
    deepEqual(flags.sort(), [...betas, OAUTH_BETA].sort(), "anthropic-beta");
  }
}

/**
 * An API that refuses one token, but only once all the calls that will be made with it have arrived, and then one refusal after
 * another over a time. Any other token is welcome.
 *
 * @param {string} token
 * @param {{ calls: number, spreadMs: number, answer: () => Response }} options
 */
export function apiThatRefuses(token, { calls, spreadMs, answer }) {
  let refused = 0;
  let begin = () => {};
  const allHaveArrived = new Promise((resolve) => {
    begin = () => resolve(undefined);
  });

  /** @type {typeof globalThis.fetch} */
  const fetch = async (_, init) => {
    if (new Headers(init?.headers).get("authorization") !== `Bearer ${token}`) return answer();
    refused += 1;
    const turn = refused;
    if (turn === calls) begin();
    await allHaveArrived;
    if (spreadMs > 0) await sleep((spreadMs * turn) / calls);
    return Response.json({ type: "error", error: { type: "authentication_error", message: "token expired" } }, {
      status: 401,
      headers: { "retry-after-ms": "1" }, // the official client would wait for half a second, and the storm would be over
    });
  };
  return { fetch, refused: () => refused };
}

/** What the API of a storm answers. */
export function messageAnswer() {
  return Response.json({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: MODEL,
    content: [{ type: "text", text: "Hello, repo:example/app:storm (via fdrl_01test)." }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
  });
}
