// What differs on the network when it is a browser that sends.
import { equal, match, rejectionOf } from "../../runtimes/suite/check.js";
import { newTenant, secondHostLog } from "../../runtimes/suite/emulator.js";
import { apiCall, options } from "./use.js";
import * as pkg from "../../../pkg/entry/inline.js";

/** @import { Case } from "../../runtimes/suite/context.js" */

/** @type {Case[]} */
export const cases = [
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `follows no redirect of the token endpoint, and says so (${status})`,
    async run(/** @type {any} */ context) {
      const tenant = await newTenant(context, { faults: [{ kind: "redirect", status }] });
      const error = await rejectionOf(new pkg.WorkloadIdentity(options(context, tenant)).call(), "the exchange");
      equal(`${error.code} ${error.statusCode} ${error.retryable}`, "ERR_EXCHANGE_REFUSED 0 false", "the error");
      match(error.hint, /Redirects are not followed: set baseURL/, "the hint");
      equal((await secondHostLog(context)).length, 0, "the number of requests at the other host");
    },
  })),
  {
    name: "follows no redirect of the API with the token",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "redirect", status: 307, on: "api" }] });
      const cache = new pkg.TokenCache(new pkg.WorkloadIdentity(options(context, tenant)));
      const response = await pkg.authenticatedFetch(cache)(...apiCall(tenant));
      equal(`${response.type} ${response.status}`, "opaqueredirect 0", "the response");
      equal((await secondHostLog(context)).length, 0, "the number of requests at the other host");
    },
  },
  {
    name: "sends no cookie to the token endpoint, which would refuse it",
    async run(context) {
      document.cookie = "name=value"; // cookies know no ports
      const tenant = await newTenant(context);
      await new pkg.WorkloadIdentity(options(context, tenant)).call();
      equal((await tenant.onlyEntry()).headers.cookie, undefined, "the cookie");
    },
  },
  {
    name: "lets the browser name itself, or be named",
    async run(context) {
      const tenant = await newTenant(context);
      await new pkg.WorkloadIdentity({ ...options(context, tenant), userAgent: "checkout/1.2" }).call();
      const { "user-agent": userAgent } = (await tenant.onlyEntry()).headers;
      equal([navigator.userAgent, "checkout/1.2"].includes(String(userAgent)), true, `whether ${userAgent} is one of them`);
    },
  },
];
