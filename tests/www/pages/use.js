// What anybody does with the package, to be done wherever it should work.
import { deepEqual, equal, match, rejectionOf } from "../../runtimes/suite/check.js";
import { mint, newTenant } from "../../runtimes/suite/emulator.js";

/** @import { Context, Package } from "../../runtimes/suite/context.js" */
/** @import { Tenant } from "../../runtimes/suite/emulator.js" */

/**
 * @param {Context} context
 * @param {{ baseURL: string }} tenant
 */
export function options(context, { baseURL }) {
  return {
    federationRuleId: "fdrl_01test",
    organizationId: "00000000-0000-4000-8000-000000000001",
    serviceAccountId: "svac_01test",
    workspaceId: "wrkspc_01test",
    baseURL,
    identityTokenProvider: () => mint(context),
  };
}

/**
 * @param {Package} pkg
 * @param {Context} context
 */
export async function usePackage(pkg, context) {
  const tenant = await newTenant(context);
  const identity = new pkg.WorkloadIdentity(options(context, tenant));
  const { token, expiresAt, scope } = await identity.call();
  match(token, /^sk-ant-oat01-/, "the access token");
  match(String(expiresAt), /^\d+$/, "expiresAt");
  equal(scope, "workspace:developer", "the scope");

  const cache = new pkg.TokenCache(identity);
  const tokens = await Promise.all(Array.from({ length: 100 }, () => cache.getToken()));
  equal(new Set(tokens).size, 1, "the number of tokens for 100 callers");

  await tenant.revokeTokens();
  equal((await pkg.authenticatedFetch(cache)(...apiCall(tenant))).status, 200, "the status of a call of the API");
  deepEqual(
    (await tenant.log()).map(({ kind, outcome }) => `${kind}: ${outcome}`),
    ["exchange: granted", "exchange: granted", "api: token_unknown", "exchange: granted", "api: granted"],
    "what the server received",
  );

  await reuse(pkg, context, tenant);
}

/**
 * @param {Package} pkg
 * @param {Context} context
 * @param {Tenant} tenant
 */
async function reuse(pkg, context, tenant) {
  const identityToken = await mint(context);
  const identity = new pkg.WorkloadIdentity({ ...options(context, tenant), identityTokenProvider: () => identityToken });
  await identity.call();
  const error = await rejectionOf(identity.call(), "the second exchange of one identity token");
  equal(error instanceof pkg.WorkloadIdentityError, true, "whether the error is of the package");
  equal(error.code, "ERR_EXCHANGE_REFUSED", "its code");
  match(error.hint, /jti_reused/, "its hint");
}

/**
 * @param {{ baseURL: string }} tenant
 * @returns {[url: string, init: RequestInit & { headers: Record<string, string> }]}
 */
export function apiCall({ baseURL }) {
  const body = JSON.stringify({ model: "claude-sonnet-5", max_tokens: 9, messages: [{ role: "user", content: "Who am I?" }] });
  const headers = { "anthropic-version": "2023-06-01", "content-type": "application/json" };
  return [`${baseURL}/v1/messages`, { method: "POST", headers, body }];
}
