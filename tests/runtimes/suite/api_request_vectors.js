import { deepEqual, equal, ok } from "./check.js";
import { newTenant } from "./emulator.js";
import { newIdentity } from "./identity.js";
import { knownMembers } from "./vector_input.js";

/** @import { LogEntry } from "../../endpoint/call.js" */
/** @import { Fault } from "../../endpoint/fault_queue.js" */
/** @import { Case, Context } from "./context.js" */

/** @typedef {{ api: LogEntry[], exchanges: LogEntry[] }} Arrived */

/** @type {Record<string, (expected: any, arrived: Arrived) => void>} */
const checks = {
  headers(expected, { api }) {
    for (const { headers } of api) {
      for (const [name, value] of Object.entries(expected)) equal(headers[name.toLowerCase()], value, name);
    }
  },
  headers_absent(expected, { api }) {
    for (const { headers } of api) {
      for (const name of expected) equal(headers[name.toLowerCase()], undefined, name);
    }
  },
  anthropic_beta_flags(expected, { api }) {
    for (const entry of api) deepEqual(betaFlagsOf(entry), expected, "the flags of anthropic-beta");
  },
  anthropic_beta_not_contains(flag, { api }) {
    for (const entry of api) ok(!betaFlagsOf(entry).includes(flag), `anthropic-beta contains ${flag}`);
  },
  exchanges: (expected, { exchanges }) => equal(exchanges.length, expected, "the number of exchanges"),
};

/**
 * The conformance cases of calls of the API, over the network.
 *
 * @param {{ constants: Record<string, any>, cases: any[] }} vectors
 * @returns {Case[]}
 */
export function apiRequestVectorCases({ cases }) {
  return cases.map((vector) => ({
    name: vector.name,
    run: (/** @type {Context} */ context) => runVector(context, vector),
  }));
}

/**
 * @param {Context} context
 * @param {any} vector
 */
async function runVector(context, { name: _, note: __, kind, given, expect, ...others }) {
  knownMembers(others, [], "the case");
  equal(kind, "api_request", "kind");
  knownMembers(given, ["token", "headers", "workspace_id", "api"], "given");
  knownMembers(expect, Object.keys(checks), "the expectation");
  const arrived = await arrivedOf(context, given);
  for (const [member, expected] of Object.entries(expect)) checks[member](expected, arrived);
}

/**
 * @param {Context} context
 * @param {any} given
 * @returns {Promise<Arrived>}
 */
async function arrivedOf(context, { token = "t1", headers, workspace_id: workspaceId, api = [200] }) {
  const tenant = await newTenant(context, { faults: [granted(token), ...api.map(answered)] });
  const cache = new context.pkg.TokenCache(newIdentity(context, tenant, { workspaceId }));
  const send = context.pkg.authenticatedFetch(cache);
  for (const status of api) {
    const response = await send(`${tenant.baseURL}/v1/messages`, { method: "POST", headers, body: "{}" });
    await response.arrayBuffer();
    equal(response.status, status, "status");
  }
  const log = await tenant.log();
  const arrived = (/** @type {string} */ kind) => log.filter((entry) => entry.kind === kind);
  equal(arrived("api").length, api.length, "the number of calls of the API");
  return { api: arrived("api"), exchanges: arrived("exchange") };
}

/**
 * @param {string} token
 * @returns {Fault}
 */
function granted(token) {
  return { kind: "reply", status: 200, body: { access_token: token, token_type: "Bearer", expires_in: 3600 }, times: "forever" };
}

/**
 * @param {number} status
 * @returns {Fault}
 */
function answered(status) {
  return { kind: "reply", status, body: {}, on: "api" };
}

/** @param {LogEntry} entry */
function betaFlagsOf({ headers }) {
  return String(headers["anthropic-beta"]).split(",").map((flag) => flag.trim());
}
