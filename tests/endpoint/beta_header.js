/** @import { IncomingHttpHeaders } from "node:http" */

export const oauthBeta = "oauth-2025-04-20";
export const federationBeta = "oidc-federation-2026-04-01";

/**
 * The whole tokens of `anthropic-beta`; a search in the string would also find a part of a longer name.
 *
 * @param {IncomingHttpHeaders} headers
 * @returns {string[]}
 */
export function betaTokens(headers) {
  return String(headers["anthropic-beta"] ?? "")
    .split(",")
    .map((token) => token.trim());
}
