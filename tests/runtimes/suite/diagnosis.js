import { equal, match, noMatch, ok } from "./check.js";
import { mint, newTenant } from "./emulator.js";
import { exchanged, failure, ids, newIdentity } from "./identity.js";
import { checkNoneOf, checkNoSecretIn } from "./shown_text.js";

/** @import { WorkloadIdentityOptions } from "../../../pkg-template/index.d.ts" */
/** @import { MintOptions } from "../../endpoint/identity_token.js" */
/** @import { TenantOptions } from "../../endpoint/tenant_options.js" */
/** @import { Case, Context } from "./context.js" */

/**
 * @typedef {object} Denial
 * @property {string} title
 * @property {Record<string, unknown>} [claims]
 * @property {MintOptions} [mintOptions]
 * @property {number} [ago] seconds since it was minted
 * @property {string} [token] in place of a minted one
 * @property {TenantOptions["rule"]} [rule]
 * @property {Partial<WorkloadIdentityOptions>} [options]
 * @property {string} outcome in the server's log
 * @property {RegExp[]} hint
 */

/** What a hint says of a token that is wrong in one way must not be said of tokens that are not. */
const accusations = {
  expired: /expired/,
  future: /in the future/,
  lifetime: /valid for|default limit/,
  replayed: /already|jti_reused/,
  "no JWT": /not a JWT/,
  alg: /\balg\b/,
  kid: /\bkid\b/,
  sub: /\bno sub\b/,
  iat: /\bno iat\b/,
  exp: /\bno exp\b/,
  audience: /audience is not/,
  workspace: /ANTHROPIC_WORKSPACE_ID/,
};

/** @type {Array<Denial & { accused: Array<keyof typeof accusations> }>} */
const denials = [
  {
    title: "expired 61 minutes ago",
    ago: 3960,
    outcome: "expired",
    hint: [/expired 61 min ago|expired 1 h ago/],
    accused: ["expired"],
  },
  { title: "expired 45 seconds ago", ago: 345, outcome: "expired", hint: [/expired (4[5-9]|[56]\d) s ago/], accused: ["expired"] },
  { title: "expired three days ago", ago: 260_000, outcome: "expired", hint: [/expired (3 days|72 h) ago/], accused: ["expired"] },
  {
    title: "issued in the future",
    ago: -600,
    outcome: "issued_in_future",
    hint: [/issued (9|10) min in the future/, /clock/],
    accused: ["future"],
  },
  { title: "valid for two hours", mintOptions: { lifetime: 7200 }, outcome: "lifetime_too_long", hint: [/2 h|120 min|7200 s/, /3600 s/], accused: ["lifetime"] },
  ...["sub", "iat", "exp"].map((claim) => ({
    title: `without ${claim}`,
    mintOptions: { omit: [claim] },
    outcome: `claim_missing:${claim}`,
    hint: [new RegExp(`no ${claim}\\b`)],
    accused: [/** @type {"sub" | "iat" | "exp"} */ (claim)],
  })),
  { title: "without kid", mintOptions: { omit: ["kid"] }, outcome: "kid_missing", hint: [/no kid\b/], accused: ["kid"] },
  ...["HS256", "none", "EdDSA"].map((alg) => ({
    title: `alg ${alg}`,
    mintOptions: { header: { alg } },
    outcome: "alg_not_allowed",
    hint: [new RegExp(`alg ${alg}`), /RS.*PS.*ES/],
    accused: [/** @type {const} */ ("alg")],
  })),
  {
    title: "another audience",
    claims: { aud: "https://sts.example.com" },
    outcome: "audience_mismatch",
    hint: [/audience/, /aud: https:\/\/sts\.example\.com/, /https:\/\/api\.anthropic\.com/],
    accused: ["audience"],
  },
  {
    title: "several other audiences",
    claims: { aud: ["urn:a", "urn:b"] },
    outcome: "audience_mismatch",
    hint: [/audience/, /urn:a/, /urn:b/],
    accused: ["audience"],
  },
  { title: "an audience that is a number", claims: { aud: 5 }, outcome: "audience_mismatch", hint: [/audience/], accused: ["audience"] },
  {
    title: "another subject",
    claims: { sub: "repo:example/other:ref:refs/heads/main" },
    outcome: "subject_mismatch",
    hint: [/sub: repo:example\/other:ref:refs\/heads\/main/, /iss: http:\/\/127\.0\.0\.1/, /federation rule/],
    accused: [],
  },
  { title: "another issuer", claims: { iss: "https://issuer.example/" }, outcome: "issuer_mismatch", hint: [/iss: https:\/\/issuer\.example\//], accused: [] },
  { title: "an unknown key", mintOptions: { key: "other" }, outcome: "key_unknown", hint: [/federation rule/], accused: [] },
  { title: "an unknown rule", rule: { id: "fdrl_01other" }, outcome: "rule_unknown", hint: [/federationRuleId/], accused: [] },
  { title: "not a JWT at all", token: "ya29.opaque-access-token", outcome: "malformed_assertion", hint: [/not a JWT/], accused: ["no JWT"] },
  { title: "an encrypted JWT", token: "a.b.c.d.e", outcome: "malformed_assertion", hint: [/not a JWT/], accused: ["no JWT"] },
  { title: "three segments that are not JSON", token: "a.b.c", outcome: "malformed_assertion", hint: [/not a JWT/], accused: ["no JWT"] },
  {
    title: "several workspaces and none named",
    rule: { workspaces: ["wrkspc_01a", "wrkspc_01b"] },
    options: { workspaceId: null },
    outcome: "workspace_id_required",
    hint: [/workspaceId/, /ANTHROPIC_WORKSPACE_ID/],
    accused: ["workspace"],
  },
];

const malformedIds = [
  { option: "federationRuleId", value: "rule1", hint: /federationRuleId.*fdrl_/ },
  { option: "organizationId", value: "org-1", hint: /organizationId.*UUID/ },
  { option: "serviceAccountId", value: "account1", hint: /serviceAccountId.*svac_/ },
  { option: "workspaceId", value: "workspace1", hint: /workspaceId.*wrkspc_/ },
];

/** @type {Case[]} */
export const diagnosisCases = [
  ...[false, true].flatMap((legacyErrors) =>
    denials.map((denial) => ({
      name: `${denial.title}${legacyErrors ? " (400 invalid_grant)" : ""}`,
      run: (/** @type {Context} */ context) => isDiagnosed(context, denial, legacyErrors),
    })),
  ),
  {
    name: "the same JWT twice",
    run: (context) => replayIsDiagnosed(context, false, /This identity token was already exchanged by this instance/i),
  },
  {
    name: "another JWT with the same jti",
    run: (context) => replayIsDiagnosed(context, true, /jti was already exchanged by this instance/i),
  },
  {
    name: "the same JWT after its answer was lost",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "resetBody" }] });
      const identityTokenProvider = context.pkg.identityTokenFromValue(await mint(context));
      const identity = newIdentity(context, tenant, { identityTokenProvider });
      await failure(context, identity, { code: "ERR_NETWORK" });
      const { hint } = await failure(context, identity, { statusCode: 401 });
      match(hint, /already sent by this instance/, "hint");
    },
  },
  {
    name: "the same JWT after an outright refusal is not called a replay",
    async run(context) {
      const identityTokenProvider = context.pkg.identityTokenFromValue(await mint(context, { sub: "repo:other" }));
      const identity = newIdentity(context, await newTenant(context), { identityTokenProvider });
      for (let calls = 0; calls < 2; calls += 1) {
        const { hint } = await failure(context, identity, { statusCode: 401 });
        noMatch(hint, accusations.replayed, "hint");
      }
    },
  },
  {
    name: "JWTs without a jti may be exchanged again",
    async run(context) {
      const identityTokenProvider = context.pkg.identityTokenFromValue(await mint(context, {}, { omit: ["jti"] }));
      const identity = newIdentity(context, await newTenant(context), { identityTokenProvider });
      ok((await exchanged(identity)).token && (await exchanged(identity)).token, "no token");
    },
  },
  ...malformedIds.map(({ option, value, hint }) => ({
    name: `${option} without its usual form`,
    async run(/** @type {Context} */ context) {
      // The emulator takes any service account that begins with svac_, and so does not get there.
      const tenant = await newTenant(context);
      const identity = newIdentity(context, tenant, { serviceAccountId: "svac_01test", [option]: value });
      const error = await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED", statusCode: 400 });
      match(error.hint, hint, "hint");
      match(/** @type {any} */ (error.body)?.message, /must be/, "the server's message");
      for (const { option: other } of malformedIds.filter(({ option: other }) => other !== option)) {
        noMatch(error.hint, new RegExp(`${other} (does not|is not)`), "hint");
      }
    },
  })),
  {
    name: "other claims are not shown",
    async run(context) {
      const secrets = { email: "ada@example.com", jti: "jti-1f3870be274f6c49", nonce: "n-0S6_WzA2Mj", groups: ["payroll-admins"] };
      const jwt = await mint(context, { ...secrets, aud: "https://sts.example.com", sub: "someone" });
      const identity = newIdentity(context, await newTenant(context), { identityTokenProvider: () => jwt });
      const error = await failure(context, identity, { statusCode: 401 });
      checkNoneOf(context, error, Object.values(secrets).flat());
      checkNoSecretIn(context, error, jwt);
      match(error.hint, /someone.*https:\/\/sts\.example\.com/, "hint");
    },
  },
  {
    name: "claims that were made to mislead are shown in one line, without secrets, and cut",
    async run(context) {
      const sub = `a\r\nb\u001b[31m${"c".repeat(5000)}`;
      const jwt = await mint(context, { sub, aud: "sk-ant-api03-Zm9vYmFy" });
      const identity = newIdentity(context, await newTenant(context), { identityTokenProvider: () => jwt });
      const error = await failure(context, identity, { statusCode: 401 });
      noMatch(error.message, /[\0-\x1f\x7f]/, "message");
      ok(error.message.length < 4000, `the message has ${error.message.length} characters`);
      checkNoSecretIn(context, error, jwt);
    },
  },
  ...[403, 404, 405, 429, 500].map((status) => ({
    name: `a ${status} is not blamed on the identity token`,
    async run(/** @type {Context} */ context) {
      const body = { type: "error", error: { type: "t", message: "m" } };
      const tenant = await newTenant(context, { faults: [{ kind: "reply", status, body }] });
      const { hint } = await failure(context, newIdentity(context, tenant), { statusCode: status });
      noMatch(hint ?? "", /federation rule|audience|iss:|ANTHROPIC_WORKSPACE_ID/, "hint");
    },
  })),
];

/**
 * @param {Context} context
 * @param {Denial & { accused: string[] }} denial
 * @param {boolean} legacyErrors
 */
async function isDiagnosed(context, denial, legacyErrors) {
  const { token, claims, mintOptions, ago = 0, rule, options, outcome, hint, accused } = denial;
  const tenant = await newTenant(context, { legacyErrors, rule: { workspaces: ["wrkspc_01test"], ...rule } });
  const jwt = token ?? (await mint(context, claims, { now: Math.floor(Date.now() / 1000) - ago, ...mintOptions }));
  const identity = newIdentity(context, tenant, { workspaceId: "wrkspc_01test", ...options, identityTokenProvider: () => jwt });
  const expected = { code: /** @type {const} */ ("ERR_EXCHANGE_REFUSED"), statusCode: legacyErrors ? 400 : 401, retryable: false };
  const error = await failure(context, identity, expected);
  equal((await tenant.onlyEntry()).outcome, outcome, "the outcome on the server");
  for (const pattern of hint) match(error.hint, pattern, "hint");
  match(error.message, hint[0], "message");
  match(error.hint, /authentication events/, "hint");
  for (const [name, pattern] of Object.entries(accusations)) {
    if (!accused.includes(name)) noMatch(error.hint, pattern, "hint");
  }
  if (!token) checkNoSecretIn(context, error, jwt);
}

/**
 * @param {Context} context
 * @param {boolean} other
 * @param {RegExp} expected
 */
async function replayIsDiagnosed(context, other, expected) {
  const tenant = await newTenant(context);
  const jti = "jti-1f3870be274f6c49b3e31a0c6728957f";
  const first = await mint(context, { jti });
  const jwts = [first, other ? await mint(context, { jti, run: 2 }) : first];
  const identity = newIdentity(context, tenant, { ...ids, identityTokenProvider: () => /** @type {string} */ (jwts.shift()) });
  await exchanged(identity);
  const error = await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED", statusCode: 401 });
  match(error.hint, expected, "hint");
  checkNoneOf(context, error, [jti]);
  equal((await tenant.log()).at(-1)?.outcome, "jti_reused", "the outcome on the server");
}
