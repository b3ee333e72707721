// An exchange that the page's own policy forbids.
import { equal, rejectionOf } from "../../runtimes/suite/check.js";
import { options } from "./use.js";
import * as pkg from "../../../pkg/entry/inline.js";

/** @import { Case } from "../../runtimes/suite/context.js" */

/** @type {Case[]} */
export const cases = [
  {
    name: "tells a request that the page's policy forbids from one that was refused",
    async run(context) {
      const identity = new pkg.WorkloadIdentity(options(context, { baseURL: "http://127.0.0.1:6000/elsewhere" }));
      const error = await rejectionOf(identity.call(), "the exchange");
      equal(`${error.code} ${error.statusCode} ${error.retryable}`, "ERR_NETWORK null true", "the error");
      equal(error.cause instanceof TypeError, true, "whether its cause is fetch's");
    },
  },
];
