import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch, load } from "anthropic-workload-identity/wasm";
import { newCaller } from "./caller.js";

load(readFileSync(fileURLToPath(import.meta.resolve("anthropic-workload-identity/core_bg.wasm"))));
const call = newCaller({ TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch });

console.log(JSON.stringify(await call(JSON.parse(process.argv[2]))));
