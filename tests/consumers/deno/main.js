import { TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch } from "anthropic-workload-identity";
import { newCaller } from "./caller.js";

const call = newCaller({ TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch });

console.log(JSON.stringify(await call(JSON.parse(Deno.args[0]))));
