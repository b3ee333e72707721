// The package more than once in one realm.
import { equal, rejectionOf, thrownBy } from "../../runtimes/suite/check.js";
import { mint, newTenant } from "../../runtimes/suite/emulator.js";
import { apiCall, options, usePackage } from "./use.js";

/** @import { Case, Package } from "../../runtimes/suite/context.js" */

/** @param {string} path @returns {Promise<Package>} */
const imported = (path) => import(path);
const [first, sameCore] = ["/pkg/entry/inline.js", "/pkg/entry/inline.js?again"];
const second = "/second/pkg/entry/inline.js";

/** @type {Case[]} */
export const cases = [
  { name: "works under the strict policy", run: async (context) => usePackage(await imported(first), context) },
  {
    name: "works when its entry is evaluated twice",
    async run(context) {
      const [one, other] = await Promise.all([imported(first), imported(sameCore)]);
      equal(one.WorkloadIdentity, other.WorkloadIdentity, "the class");
      await Promise.all([usePackage(one, context), usePackage(other, context)]);
    },
  },
  {
    name: "works beside a second copy of itself",
    async run(context) {
      const [one, other] = await Promise.all([imported(first), imported(second)]);
      equal(one.WorkloadIdentity === other.WorkloadIdentity, false, "whether they are one");
      await Promise.all([usePackage(one, context), usePackage(other, context), usePackage(one, context)]);
    },
  },
  {
    name: "keeps what was sent apart from what a second copy sent",
    async run(context) {
      const [one, other] = await Promise.all([imported(first), imported(second)]);
      const identityToken = await mint(context);
      const given = { ...options(context, await newTenant(context)), identityTokenProvider: () => identityToken };
      await new one.WorkloadIdentity(given).call();
      const error = await rejectionOf(new other.WorkloadIdentity(given).call(), "the exchange of the second copy");
      equal(error instanceof other.WorkloadIdentityError, true, "whether the error is of the second copy");
      equal(error instanceof one.WorkloadIdentityError, false, "whether it is of the first copy");
      equal(error.hint.includes("by this instance"), false, "whether it claims to have sent it");
    },
  },
  {
    name: "takes the provider function of a second copy",
    async run(context) {
      const [one, other] = await Promise.all([imported(first), imported(second)]);
      const tenant = await newTenant(context);
      const cache = new one.TokenCache(new other.WorkloadIdentity(options(context, tenant)).call);
      const call = one.authenticatedFetch(cache, { baseURL: tenant.baseURL });
      equal((await call(...apiCall(tenant))).status, 200, "the status");
    },
  },
  {
    name: "says what is wrong with objects of a second copy",
    async run(context) {
      const [one, other] = await Promise.all([imported(first), imported(second)]);
      const identity = new other.WorkloadIdentity(options(context, await newTenant(context)));
      for (const mix of [
        () => new one.TokenCache(identity),
        () => one.authenticatedFetch(/** @type {any} */ (new other.TokenCache(identity))),
      ]) {
        equal(thrownBy(mix, "the mixture").code, "ERR_INVALID_OPTIONS", "the code");
      }
    },
  },
];
