import { oidcFederationProvider } from "@anthropic-ai/sdk/lib/credentials/oidc-federation";
import { TokenCache } from "@anthropic-ai/sdk/lib/credentials/token-cache";

/** @param {import("../workloads.js").ExchangeOptions} options */
export const construct = (options) => new TokenCache(oidcFederationProvider({ ...options, fetch: globalThis.fetch }));
