import { equal, ok } from "./check.js";
import { newTenant } from "./emulator.js";
import { exchanged, newIdentity } from "./identity.js";

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
];
