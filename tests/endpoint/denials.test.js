import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { decodeProtectedHeader } from "jose";
import { requestToken, startBoth } from "./exchange_client.js";

/** @import { Issuer } from "./issuer.js" */
/** @import { TenantOptions } from "./tenant_options.js" */

/** @type {Awaited<ReturnType<typeof startBoth>>} */
let both;
before(async () => {
  both = await startBoth();
});
after(() => both.close());

/**
 * @typedef {object} Denial
 * @property {string} reason
 * @property {(issuer: Issuer) => string} [assertion]
 * @property {TenantOptions} [options]
 * @property {Record<string, unknown>} [changes]
 */

const minute = 60;
const now = () => Math.floor(Date.now() / 1000);

/** @type {Denial[]} */
const ofTheAssertion = [
  { reason: "malformed_assertion", assertion: () => "not.a.jwt" },
  { reason: "malformed_assertion", assertion: () => "opaque" },
  { reason: "malformed_assertion", assertion: (issuer) => issuer.mint({ exp: "tomorrow" }) },
  { reason: "malformed_assertion", assertion: (issuer) => issuer.mint({}, { header: { crit: ["x"], x: 1 } }) },
  { reason: "malformed_assertion", assertion: (issuer) => issuer.mint().split(".").slice(0, 2).join(".") },
  { reason: "alg_not_allowed", assertion: (issuer) => issuer.mint({}, { header: { alg: "HS256" } }) },
  { reason: "alg_not_allowed", assertion: (issuer) => issuer.mint({}, { header: { alg: "none" } }) },
  { reason: "alg_not_allowed", assertion: (issuer) => issuer.mint({}, { omit: ["alg"] }) },
  { reason: "kid_missing", assertion: (issuer) => issuer.mint({}, { omit: ["kid"] }) },
  { reason: "key_unknown", assertion: (issuer) => issuer.mint({}, { key: "other" }) },
  { reason: "key_unknown", assertion: (issuer) => issuer.mint({}, { header: { alg: "PS256" } }) },
  { reason: "bad_signature", assertion: strangersSignature },
  { reason: "claim_missing:sub", assertion: (issuer) => issuer.mint({}, { omit: ["sub"] }) },
  { reason: "claim_missing:iat", assertion: (issuer) => issuer.mint({}, { omit: ["iat"] }) },
  { reason: "claim_missing:exp", assertion: (issuer) => issuer.mint({}, { omit: ["exp"] }) },
  { reason: "issuer_mismatch", assertion: (issuer) => issuer.mint({ iss: `${issuer.url}/` }) },
  { reason: "issuer_mismatch", assertion: (issuer) => issuer.mint({}, { omit: ["iss"] }) },
  { reason: "expired", assertion: (issuer) => issuer.mint({}, { now: now() - 10 * minute }) },
  { reason: "expired", options: { clockSkew: 400 } },
  { reason: "issued_in_future", assertion: (issuer) => issuer.mint({}, { now: now() + minute }) },
  { reason: "issued_in_future", options: { clockSkew: -minute } },
  { reason: "not_yet_valid", assertion: (issuer) => issuer.mint({ nbf: now() + minute }) },
  { reason: "lifetime_too_long", assertion: (issuer) => issuer.mint({}, { lifetime: 3601 }) },
  { reason: "lifetime_too_long", options: { issuerLimits: { maxLifetime: 299 } } },
  { reason: "expired", options: { issuerLimits: { leeway: 0 } }, assertion: (issuer) => issuer.mint({ exp: now() }) },
];

/** @type {Denial[]} */
const ofTheRule = [
  { reason: "audience_mismatch", assertion: (issuer) => issuer.mint({ aud: "https://api.anthropic.com/" }) },
  { reason: "audience_mismatch", assertion: (issuer) => issuer.mint({}, { omit: ["aud"] }) },
  { reason: "subject_mismatch", assertion: (issuer) => issuer.mint({ sub: "repo:example/other:main" }) },
  { reason: "claim_mismatch:env", options: { rule: { claims: { env: "prod" } } } },
  {
    reason: "claim_mismatch:env",
    options: { rule: { claims: { env: "prod" } } },
    assertion: (issuer) => issuer.mint({ env: "production" }),
  },
  { reason: "rule_unknown", changes: { federation_rule_id: "fdrl_other" } },
  { reason: "rule_archived", options: { rule: { archived: true } } },
  { reason: "organization_mismatch", changes: { organization_id: "00000000-0000-4000-8000-000000000002" } },
  { reason: "service_account_mismatch", changes: { service_account_id: "svac_other" } },
  {
    reason: "workspace_id_required",
    options: { rule: { workspaces: ["wrkspc_01test", "wrkspc_02"] } },
    changes: { workspace_id: undefined },
  },
  { reason: "workspace_not_allowed", changes: { workspace_id: "wrkspc_02" } },
  { reason: "workspace_not_allowed", changes: { workspace_id: "default" } },
];

/** @param {Issuer} issuer */
function strangersSignature(issuer) {
  const { kid } = decodeProtectedHeader(issuer.mint());
  return issuer.mint({}, { key: "other", header: { kid } });
}

/** @param {Denial[]} denials */
function eachIsDenied(denials) {
  for (const { reason, assertion, options, changes } of denials) {
    it(reason, async () => {
      const tenant = both.endpoint.tenant(options);
      const response = await requestToken(tenant, assertion?.(both.issuer) ?? both.issuer.mint(), changes);
      assert.equal(tenant.log()[0].outcome, reason);
      await assertOpaque(response);
    });
  }
}

describe("what the assertion can be denied for", () => eachIsDenied(ofTheAssertion));
describe("what the rule can deny", () => eachIsDenied(ofTheRule));

it("jti_reused", async () => {
  const tenant = both.endpoint.tenant();
  const assertion = both.issuer.mint();
  await requestToken(tenant, assertion);
  const response = await requestToken(tenant, assertion);
  assert.equal(tenant.log()[1].outcome, "jti_reused");
  await assertOpaque(response);
});

it("denials are invalid_grant on older servers", async () => {
  const tenant = both.endpoint.tenant({ legacyErrors: true });
  const response = await requestToken(tenant, both.issuer.mint({ sub: "x" }));
  assert.equal(response.status, 400);
  assert.match(response.headers.get("request-id") ?? "", /^req_/);
  const body = await response.json();
  assert.equal(body.error, "invalid_grant");
  assert.equal(typeof body.error_description, "string");
  assert.equal(tenant.log()[0].outcome, "subject_mismatch");
});

/** @param {Response} response */
async function assertOpaque(response) {
  assert.equal(response.status, 401);
  const requestId = response.headers.get("request-id");
  assert.match(requestId ?? "", /^req_/);
  assert.deepEqual(await response.json(), {
    type: "error",
    error: { type: "authentication_error", message: "Authentication failed" },
    request_id: requestId,
  });
}
