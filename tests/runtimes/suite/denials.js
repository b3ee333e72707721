/** @import { WorkloadIdentityOptions } from "../../../pkg-template/index.d.ts" */
/** @import { MintOptions } from "../../endpoint/identity_token.js" */
/** @import { TenantOptions } from "../../endpoint/tenant_options.js" */

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
 * @property {Array<keyof typeof accusations>} accused what the hint may say of the token; nothing else
 */

/** What a hint says of a token that is wrong in one way must not be said of tokens that are not. */
export const accusations = {
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

/** @type {Denial[]} */
export const denials = [
  {
    title: "expired 61 minutes ago",
    ago: 3960,
    outcome: "expired",
    hint: [/expired 61 min ago|expired 1 h ago/],
    accused: ["expired"],
  },
  {
    title: "expired 45 seconds ago",
    ago: 345,
    outcome: "expired",
    hint: [/expired (4[5-9]|[56]\d) s ago/],
    accused: ["expired"],
  },
  {
    title: "expired three days ago",
    ago: 260_000,
    outcome: "expired",
    hint: [/expired (3 days|72 h) ago/],
    accused: ["expired"],
  },
  {
    title: "issued in the future",
    ago: -600,
    outcome: "issued_in_future",
    hint: [/issued (9|10) min in the future/, /clock/],
    accused: ["future"],
  },
  {
    title: "valid for two hours",
    mintOptions: { lifetime: 7200 },
    outcome: "lifetime_too_long",
    hint: [/2 h|120 min|7200 s/, /3600 s/],
    accused: ["lifetime"],
  },
  ...["sub", "iat", "exp"].map((claim) => ({
    title: `without ${claim}`,
    mintOptions: { omit: [claim] },
    outcome: `claim_missing:${claim}`,
    hint: [new RegExp(`no ${claim}\\b`)],
    accused: [/** @type {"sub" | "iat" | "exp"} */ (claim)],
  })),
  {
    title: "without kid",
    mintOptions: { omit: ["kid"] },
    outcome: "kid_missing",
    hint: [/no kid\b/],
    accused: ["kid"],
  },
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
  {
    title: "an audience that is a number",
    claims: { aud: 5 },
    outcome: "audience_mismatch",
    hint: [/audience/],
    accused: ["audience"],
  },
  {
    title: "another subject",
    claims: { sub: "repo:example/other:ref:refs/heads/main" },
    outcome: "subject_mismatch",
    hint: [/sub: repo:example\/other:ref:refs\/heads\/main/, /iss: http:\/\/127\.0\.0\.1/, /federation rule/],
    accused: [],
  },
  {
    title: "another issuer",
    claims: { iss: "https://issuer.example/" },
    outcome: "issuer_mismatch",
    hint: [/iss: https:\/\/issuer\.example\//],
    accused: [],
  },
  {
    title: "an unknown key",
    mintOptions: { key: "other" },
    outcome: "key_unknown",
    hint: [/federation rule/],
    accused: [],
  },
  {
    title: "an unknown rule",
    rule: { id: "fdrl_01other" },
    outcome: "rule_unknown",
    hint: [/federationRuleId/],
    accused: [],
  },
  {
    title: "not a JWT at all",
    token: "ya29.opaque-access-token",
    outcome: "malformed_assertion",
    hint: [/not a JWT/],
    accused: ["no JWT"],
  },
  {
    title: "an encrypted JWT",
    token: "a.b.c.d.e",
    outcome: "malformed_assertion",
    hint: [/not a JWT/],
    accused: ["no JWT"],
  },
  {
    title: "three segments that are not JSON",
    token: "a.b.c",
    outcome: "malformed_assertion",
    hint: [/not a JWT/],
    accused: ["no JWT"],
  },
  {
    title: "several workspaces and none named",
    rule: { workspaces: ["wrkspc_01a", "wrkspc_01b"] },
    options: { workspaceId: null },
    outcome: "workspace_id_required",
    hint: [/workspaceId/, /ANTHROPIC_WORKSPACE_ID/],
    accused: ["workspace"],
  },
];
