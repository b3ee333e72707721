// Compiled, never run: the JavaScript of the package, with the types that it has by itself, is what the contract says.
import type * as contract from "../../pkg/index.js";
import type * as wasm from "../../pkg/wasm.js";
import { authenticatedFetch } from "../../pkg/authenticated_fetch.js";
import { WorkloadIdentityError } from "../../pkg/errors.js";
import { identityTokenFromFile, identityTokenFromValue } from "../../pkg/identity_tokens.js";
import { load } from "../../pkg/load.js";
import { TokenCache } from "../../pkg/token_cache.js";
import { WorkloadIdentity } from "../../pkg/workload_identity.js";

const built: Omit<typeof contract, "WorkloadIdentityError"> = {
  TokenCache,
  WorkloadIdentity,
  authenticatedFetch,
  identityTokenFromFile,
  identityTokenFromValue,
};
// Its properties are assigned by name from what the module says; the suites look at each of them.
const error: new (...facts: never[]) => Error = WorkloadIdentityError;
const start: typeof wasm.load = load;

export { built, error, start };
