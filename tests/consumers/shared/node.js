import { TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch } from "anthropic-workload-identity";
import { newCaller } from "./caller.js";

const call = newCaller({ TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch });

call(JSON.parse(process.argv[2])).then((outcome) => console.log(JSON.stringify(outcome)));
