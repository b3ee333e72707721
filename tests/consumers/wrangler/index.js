import { TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch } from "anthropic-workload-identity";
import { newCaller } from "./caller.js";

const call = newCaller({ TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch });

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    return Response.json(await call(Object.fromEntries(searchParams)));
  },
};
