import { equal, within } from "./check.js";
import { newTenant, realFetch } from "./emulator.js";
import { checkSuccess, checkFailure } from "./vector_expectations.js";
import { answerOf, identityTokenOf, knownMembers, optionsOf } from "./vector_input.js";

/** @import { LogEntry } from "../../endpoint/call.js" */
/** @import { Case, Context } from "./context.js" */

/**
 * @typedef {object} Observed what one case did
 * @property {any} [result]
 * @property {any} [error]
 * @property {number} providerCalls
 * @property {string[]} urls that were fetched
 * @property {unknown} networkError what the host's fetch threw
 * @property {LogEntry[]} log what arrived
 */

const caseMembers = ["name", "kind", "note", "config", "identity_token", "now", "server_response", "expect", "expect_error"];

/**
 * The conformance cases, each against the emulator and over the network.
 *
 * @param {{ constants: Record<string, any>, cases: any[] }} vectors
 * @returns {Case[]}
 */
export function vectorCases({ constants, cases }) {
  return [
    {
      name: "constants",
      run({ pkg }) {
        equal(pkg.WorkloadIdentity.MAX_ASSERTION_BYTES, constants.max_assertion_bytes, "MAX_ASSERTION_BYTES");
      },
    },
    ...cases.map((vector) => ({ name: vector.name, run: (/** @type {Context} */ context) => runVector(context, vector) })),
  ];
}

/**
 * @param {Context} context
 * @param {any} vector
 */
async function runVector(context, vector) {
  knownMembers(vector, caseMembers, "the case");
  equal(vector.kind, "exchange", "kind");
  equal("expect" in vector, !("expect_error" in vector), "whether there is one expectation");
  const observed = await observe(context, vector);
  if (vector.server_response === null) equal(observed.log.length + observed.urls.length, 0, "the number of requests");
  if (vector.expect) checkSuccess(vector, observed);
  else checkFailure(context, vector, observed);
}

/**
 * @param {Context} context
 * @param {any} vector
 * @returns {Promise<Observed>}
 */
async function observe(context, vector) {
  const { faults, refusesConnections, defaultTimeoutMs } = answerOf(vector.server_response);
  const tenant = await newTenant(context, { faults });
  const host = refusesConnections ? `http://127.0.0.1:${context.closedPort}` : tenant.baseURL;
  /** @type {Observed} */
  const observed = { providerCalls: 0, urls: [], networkError: undefined, log: [] };
  const provide = identityTokenOf(vector.identity_token);
  const options = {
    ...(defaultTimeoutMs && { timeoutMs: defaultTimeoutMs }),
    ...optionsOf(vector.config),
    identityTokenProvider() {
      observed.providerCalls += 1;
      return provide();
    },
    async fetch(/** @type {string} */ url, /** @type {RequestInit} */ init) {
      observed.urls.push(url);
      try {
        return await realFetch(`${host}/v1/oauth/token`, init);
      } catch (thrown) {
        observed.networkError = thrown;
        throw thrown;
      }
    },
  };
  const thaw = freezeClock(vector.now);
  try {
    const identity = new context.pkg.WorkloadIdentity(/** @type {any} */ (options));
    observed.result = await within(10_000, identity.call(), "the exchange");
  } catch (error) {
    observed.error = error;
  } finally {
    thaw();
  }
  return { ...observed, log: await tenant.log() };
}

/** @param {number | undefined} seconds */
function freezeClock(seconds) {
  const { now } = Date;
  if (seconds !== undefined) Date.now = () => seconds * 1000;
  return () => {
    Date.now = now;
  };
}
