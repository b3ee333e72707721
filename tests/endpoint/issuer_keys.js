import { createRemoteJWKSet } from "jose";

/** @typedef {ReturnType<typeof createRemoteJWKSet>} IssuerKeys */

/**
 * @param {string} issuer
 * @param {number} cacheMs how long a fetched key set is used, and how long an unknown `kid` is not
 *   looked up again; 0 fetches it for every exchange, so that a rotation counts at once
 * @returns {Promise<IssuerKeys>}
 */
export async function discoverIssuerKeys(issuer, cacheMs) {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, { redirect: "error" });
  if (!response.ok) throw new Error(`discovery of ${issuer} answered ${response.status}`);
  const discovered = await response.json();
  if (discovered.issuer !== issuer) throw new Error(`discovery of ${issuer} names another issuer: ${discovered.issuer}`);
  return createRemoteJWKSet(new URL(discovered.jwks_uri), { cacheMaxAge: cacheMs, cooldownDuration: cacheMs });
}
