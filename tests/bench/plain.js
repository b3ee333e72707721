/** What one writes without a package: the least that does the work. Ten lines, without the types. */

/** @import { ExchangeOptions } from "./workloads.js" */

/** @typedef {{ token: string, expiresAt: number }} Token */

/**
 * @param {() => Promise<Token>} provide
 * @returns {() => Promise<Token>}
 */
export function plainCache(provide) {
  /** @type {Token | undefined} */
  let token;
  return async () => {
    if (token && token.expiresAt - Date.now() / 1000 > 30) return token;
    return (token = await provide());
  };
}

/**
 * @param {ExchangeOptions} options
 * @returns {() => Promise<Token>}
 */
export function plainExchange({ baseURL, identityTokenProvider, federationRuleId, organizationId, serviceAccountId }) {
  const headers = { "content-type": "application/json", "anthropic-beta": "oauth-2025-04-20,oidc-federation-2026-04-01" };
  const ids = { federation_rule_id: federationRuleId, organization_id: organizationId, service_account_id: serviceAccountId };
  return async () => {
    const assertion = await identityTokenProvider();
    const body = JSON.stringify({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion, ...ids });
    const response = await fetch(`${baseURL}/v1/oauth/token`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
    const { access_token, expires_in } = await response.json();
    return { token: access_token, expiresAt: Date.now() / 1000 + expires_in };
  };
}
