import { equal, ok } from "./check.js";
import { newTenant } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";

/** @import { Tenant } from "./emulator.js" */
/** @import { Case, Context } from "./context.js" */

export const CALLS = 300;
/** Long enough for most to be under way at once. */
const DELAY_MS = 1000;

/** @type {Map<string, ReturnType<typeof newIdentity>>} one instance for all calls to a tenant, as in a module's scope */
const shared = new Map();

/**
 * When the caller of that index leaves: some before the exchange, some in the middle of it.
 *
 * @param {number} index
 */
export const leavesAfterMs = (index) => (index % 3 === 0 ? 100 + (index % 9) * 100 : undefined);

/** @param {Context} context */
export function slowTenant(context) {
  return newTenant(context, { faults: [{ kind: "delay", ms: DELAY_MS, times: "forever" }] });
}

/**
 * @param {Context} context
 * @param {Pick<Tenant, "baseURL">} tenant
 * @param {AbortSignal} [signal]
 */
export async function oneOfMany(context, tenant, signal) {
  const identity = shared.get(tenant.baseURL) ?? newIdentity(context, tenant);
  shared.set(tenant.baseURL, identity);
  return exchanged(identity, { signal });
}

/** @type {Case[]} */
export const loadCases = [
  {
    name: `${CALLS} interleaved exchanges, of which a third are aborted`,
    // In workerd it is the clients who leave: see the driver.
    runtimes: ["node", "deno", "bun"],
    async run(context) {
      const tenant = await slowTenant(context);
      const outcomes = await Promise.allSettled(
        Array.from({ length: CALLS }, (_, index) => {
          const caller = new AbortController();
          const leavesAfter = leavesAfterMs(index);
          if (leavesAfter !== undefined) setTimeout(() => caller.abort(), leavesAfter);
          return oneOfMany(context, tenant, caller.signal);
        }),
      );
      const codes = outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "granted"));
      const expected = codes.map((_, index) => (leavesAfterMs(index) === undefined ? "granted" : "ERR_ABORTED"));
      equal(codes.join(), expected.join(), "the outcomes");
      ok((await oneOfMany(context, tenant)).token, "no token");
    },
  },
  ...[
    { calls: 10_000, warmUp: 500, status: 200 },
    { calls: 3_000, warmUp: 500, status: 401 },
  ].map(({ calls, warmUp, status }) => ({
    name: `${calls} exchanges that end with ${status} do not grow the module's memory`,
    async run(/** @type {Context} */ context) {
      const run = sequence(context, status);
      await run(warmUp);
      const before = memorySize(context);
      await run(calls);
      equal(memorySize(context), before, "the size of the memory");
    },
  })),
];

/**
 * @param {Context} context
 * @param {number} status
 */
function sequence(context, status) {
  let jwts = 0;
  const body = JSON.stringify(
    status === 200
      ? { access_token: "sk-ant-oat01-x", token_type: "Bearer", expires_in: 3600, scope: "workspace:developer" }
      : { type: "error", error: { type: "authentication_error", message: "Authentication failed" }, request_id: "req_1" },
  );
  const claims = base64url({ iss: "https://issuer.example", sub: "repo:example/app", aud: "https://api.anthropic.com", iat: 1, exp: 2 });
  const identity = newIdentity(context, { baseURL: "https://api.example" }, {
    identityTokenProvider: () => `${base64url({ alg: "ES256", kid: "k" })}.${claims}.${(jwts += 1)}`,
    fetch: async () => new Response(body, { status }),
  });
  return async (/** @type {number} */ calls) => {
    for (let call = 0; call < calls; call += 1) {
      if (status === 200) equal((await identity.call()).token, "sk-ant-oat01-x", "token");
      else if (call % 100 === 0) await failure(context, identity, { statusCode: status });
      else await identity.call().then(() => ok(false, "it was not refused"), () => {});
    }
  };
}

/** @param {Context} context */
function memorySize({ memories }) {
  equal(memories.length, 1, "the number of WebAssembly memories");
  return memories[0].buffer.byteLength;
}

/** @param {unknown} value */
function base64url(value) {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
