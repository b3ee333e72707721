import { TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch, load } from "anthropic-workload-identity/wasm";
import moduleUrl from "anthropic-workload-identity/core_bg.wasm?url";
import { newCaller } from "./caller.js";

load(await (await fetch(moduleUrl)).arrayBuffer());
const call = newCaller({ TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch });

globalThis.outcome = call(Object.fromEntries(new URLSearchParams(location.search)));
