/* @ts-self-types="./index.d.ts" */
// What every entry exports once it has loaded the module.
export { authenticatedFetch } from "./authenticated_fetch.js";
export { WorkloadIdentityError } from "./errors.js";
export { identityTokenFromFile, identityTokenFromValue } from "./identity_tokens.js";
export { TokenCache } from "./token_cache.js";
export { WorkloadIdentity } from "./workload_identity.js";
