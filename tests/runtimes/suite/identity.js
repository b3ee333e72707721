import { equal, ok, rejectionOf, within } from "./check.js";
import { mint } from "./emulator.js";

/** @import { AccessTokenRequest, WorkloadIdentityError, WorkloadIdentityOptions } from "../../../pkg-template/index.d.ts" */
/** @import { Tenant } from "./emulator.js" */
/** @import { Context } from "./context.js" */

/** The ids that the emulator's default rule wants. */
export const ids = { federationRuleId: "fdrl_01test", organizationId: "00000000-0000-4000-8000-000000000001" };

/** Longer than any exchange on one machine takes; what is not over by then hangs. */
const EXCHANGE_LIMIT_MS = 5000;

/**
 * @param {Context} context
 * @param {Pick<Tenant, "baseURL">} tenant
 * @param {Partial<WorkloadIdentityOptions>} [options]
 */
export function newIdentity(context, tenant, options) {
  return new context.pkg.WorkloadIdentity({
    ...ids,
    baseURL: tenant.baseURL,
    identityTokenProvider: () => mint(context),
    ...options,
  });
}

/**
 * @param {{ call: (request?: AccessTokenRequest) => Promise<any> }} identity
 * @param {AccessTokenRequest} [request]
 */
export function exchanged(identity, request) {
  return within(EXCHANGE_LIMIT_MS, identity.call(request), "the exchange");
}

/**
 * @param {Context} context
 * @param {{ call: (request?: AccessTokenRequest) => Promise<any> }} identity
 * @param {Partial<WorkloadIdentityError>} expected
 * @param {AccessTokenRequest} [request]
 * @returns {Promise<WorkloadIdentityError>}
 */
export async function failure(context, identity, expected, request) {
  const error = await rejectionOf(exchanged(identity, request), "the exchange");
  checkError(context, error, expected);
  return error;
}

/**
 * @param {Context} context
 * @param {Record<string, any>} error
 * @param {Partial<WorkloadIdentityError>} expected
 */
export function checkError({ pkg }, error, expected) {
  const { WorkloadIdentityError } = pkg;
  ok(error instanceof WorkloadIdentityError, `not a WorkloadIdentityError: ${error?.stack ?? String(error)}`);
  ok(error instanceof Error, "the error is not an Error");
  equal(error.name, "WorkloadIdentityError", "name");
  for (const name of ["code", "statusCode", "body", "requestId", "hint", "retryable", "retryAfter"]) {
    ok(name in error, `the error has no property ${name}`);
  }
  ok(typeof error.message === "string" && error.message !== "", "the message is empty");
  ok(isNullOr("number", error.statusCode), "statusCode is neither null nor a number");
  ok(isNullOr("string", error.requestId), "requestId is neither null nor a string");
  ok(isNullOr("string", error.hint) && error.hint !== "", "hint is neither null nor a text");
  ok(isNullOr("number", error.retryAfter), "retryAfter is neither null nor a number");
  ok(error.body !== undefined, "body is undefined");
  equal(typeof error.retryable, "boolean", "the type of retryable");
  for (const [name, value] of Object.entries(expected)) {
    equal(/** @type {any} */ (error)[name], value, `${name} (of ${error.code}: ${error.message})`);
  }
}

/**
 * @param {string} type
 * @param {unknown} value
 */
function isNullOr(type, value) {
  return value === null || typeof value === type;
}
