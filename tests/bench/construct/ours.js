// @ts-ignore: installed beside the copy of this file that is run
import { TokenCache, WorkloadIdentity } from "anthropic-workload-identity";

/** @param {import("../workloads.js").ExchangeOptions} options */
export const construct = (options) => new TokenCache(new WorkloadIdentity(options));
