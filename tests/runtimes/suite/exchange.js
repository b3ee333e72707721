import { deepEqual, equal, match, ok } from "./check.js";
import { callApi, mint, newTenant } from "./emulator.js";
import { exchanged, failure, ids, newIdentity } from "./identity.js";

/** @import { IdentityTokenProvider } from "../../../pkg-template/index.d.ts" */
/** @import { Case, Context } from "./context.js" */

/** @type {Case[]} */
export const exchangeCases = [
  ...["ES256", "RS256"].map((alg) => ({
    name: `exchanges a token signed with ${alg} for one that the API accepts`,
    run: (/** @type {Context} */ context) => exchangesForUsableToken(context, /** @type {"ES256" | "RS256"} */ (alg)),
  })),
  {
    name: "names service account and workspace when they are given",
    async run(context) {
      const tenant = await newTenant(context, { rule: { workspaces: ["wrkspc_01a", "wrkspc_01b"] } });
      await exchanged(newIdentity(context, tenant, { serviceAccountId: "svac_01test", workspaceId: "wrkspc_01b" }));
      const { service_account_id, workspace_id } = bodyOf(await tenant.onlyEntry());
      deepEqual([service_account_id, workspace_id], ["svac_01test", "wrkspc_01b"], "what was sent");
    },
  },
  {
    name: "takes the default workspace by its name",
    async run(context) {
      const tenant = await newTenant(context, { rule: { workspaces: ["default", "wrkspc_01b"] } });
      await exchanged(newIdentity(context, tenant, { workspaceId: "default" }));
    },
  },
  {
    name: "reports the scope that was granted, not the one in the options",
    async run(context) {
      const tenant = await newTenant(context, { rule: { scope: "workspace:inference" } });
      const { scope } = await exchanged(newIdentity(context, tenant, { scope: "workspace:admin" }));
      equal(scope, "workspace:inference", "scope");
    },
  },
  ...Object.entries(providers()).map(([name, provider]) => ({
    name: `asks ${name}`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context);
      const jwt = await mint(context);
      await exchanged(newIdentity(context, tenant, { identityTokenProvider: provider(jwt) }));
      equal(bodyOf(await tenant.onlyEntry()).assertion, jwt, "assertion");
    },
  })),
  {
    name: "asks the provider once for every call, and keeps nothing",
    async run(context) {
      const tenant = await newTenant(context);
      const jwts = await Promise.all([mint(context), mint(context), mint(context)]);
      let calls = 0;
      const identity = newIdentity(context, tenant, {
        identityTokenProvider({ signal, ...others }) {
          ok(signal instanceof AbortSignal && !signal.aborted, "the provider got no live AbortSignal");
          deepEqual(Object.keys(others), [], "the rest of the provider's context");
          return jwts[calls++];
        },
      });
      const tokens = [];
      for (const request of [undefined, { forceRefresh: false }, {}]) tokens.push(await exchanged(identity, request));
      equal(calls, 3, "calls of the provider");
      equal(new Set(tokens.map(({ token }) => token)).size, 3, "the number of different tokens");
      deepEqual((await tenant.log()).map((entry) => bodyOf(entry).assertion), jwts, "the assertions");
    },
  },
  {
    name: "call is bound, and its request is optional in every way",
    async run(context) {
      const tenant = await newTenant(context);
      const { call } = newIdentity(context, tenant);
      const signal = new AbortController().signal;
      const requests = [undefined, null, {}, { forceRefresh: true }, { signal: undefined }, { signal: null }, { signal }];
      for (const request of /** @type {any[]} */ (requests)) ok((await exchanged({ call }, request)).token, "no token");
    },
  },
  {
    name: "concurrent calls of one instance are exchanges of their own",
    async run(context) {
      const tenant = await newTenant(context);
      const identity = newIdentity(context, tenant);
      const tokens = await Promise.all(Array.from({ length: 5 }, () => exchanged(identity)));
      equal(new Set(tokens.map(({ token }) => token)).size, 5, "the number of different tokens");
    },
  },
  {
    name: "identityTokenFromValue: the same token at every call, which the server refuses the second time",
    async run(context) {
      const tenant = await newTenant(context);
      const identityTokenProvider = context.pkg.identityTokenFromValue(await mint(context));
      const identity = newIdentity(context, tenant, { identityTokenProvider });
      await exchanged(identity);
      await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED", statusCode: 401 });
      deepEqual((await tenant.log()).map(({ outcome }) => outcome), ["granted", "jti_reused"], "the outcomes");
    },
  },
  {
    name: "exports the contract and nothing else",
    run({ pkg }) {
      const classes = ["TokenCache", "WorkloadIdentity", "WorkloadIdentityError"];
      const functions = ["authenticatedFetch", "identityTokenFromFile", "identityTokenFromValue"];
      deepEqual(Object.keys(pkg).sort(), [...classes, ...functions], "the exports");
      equal(pkg.WorkloadIdentity.MAX_ASSERTION_BYTES, 16_384, "MAX_ASSERTION_BYTES");
      equal(pkg.WorkloadIdentity.name, "WorkloadIdentity", "the name of the class");
    },
  },
];

/**
 * @param {Context} context
 * @param {"ES256" | "RS256"} alg
 */
async function exchangesForUsableToken(context, alg) {
  const tenant = await newTenant(context);
  const jwt = await mint(context, {}, { alg });
  const before = Math.floor(Date.now() / 1000);
  const result = await exchanged(newIdentity(context, tenant, { identityTokenProvider: () => jwt }));
  const after = Math.ceil(Date.now() / 1000);

  ok(Object.isFrozen(result), "the result is not frozen");
  deepEqual(Object.keys(result).sort(), ["expiresAt", "scope", "token"], "the members of the result");
  equal(Object.getPrototypeOf(result), Object.prototype, "the prototype of the result");
  match(result.token, /^sk-ant-oat01-[\w-]{43}$/, "token");
  equal(result.scope, "workspace:developer", "scope");
  const entry = await tenant.onlyEntry();
  const mintedAt = result.expiresAt - (entry.expiresIn ?? NaN);
  const isPlausible = Number.isInteger(mintedAt) && before <= mintedAt && mintedAt <= after;
  ok(isPlausible, `expiresAt is ${result.expiresAt}, asked for between ${before} and ${after}`);
  equal(await callApi(tenant, result.token), 200, "the status of the API");

  const { assertion, grant_type, ...others } = bodyOf(entry);
  equal(assertion, jwt, "assertion");
  equal(grant_type, "urn:ietf:params:oauth:grant-type:jwt-bearer", "grant_type");
  const expected = { federation_rule_id: ids.federationRuleId, organization_id: ids.organizationId };
  deepEqual(others, expected, "the rest of the body");
}

/** @returns {Record<string, (jwt: string) => IdentityTokenProvider>} */
function providers() {
  return {
    "a function": (jwt) => () => jwt,
    "an async function": (jwt) => async () => jwt,
    "a function that returns a promise for later": (jwt) => () =>
      new Promise((resolve) => {
        setTimeout(() => resolve(jwt), 0);
      }),
    "a function that returns any thenable": (jwt) => () => /** @type {any} */ ({
      /** @param {(value: string) => void} resolve */
      then: (resolve) => resolve(jwt),
    }),
    "a bound method": (jwt) => {
      class Platform {
        jwt = jwt;
        token() {
          return this.jwt;
        }
      }
      const platform = new Platform();
      return platform.token.bind(platform);
    },
  };
}

/** @param {{ body: unknown }} entry */
function bodyOf({ body }) {
  return /** @type {Record<string, string>} */ (body);
}
