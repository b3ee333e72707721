import { TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch } from "anthropic-workload-identity";
import { newCaller } from "./caller.js";

const call = newCaller({ TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch });

globalThis.outcome = call(Object.fromEntries(new URLSearchParams(location.search)));
