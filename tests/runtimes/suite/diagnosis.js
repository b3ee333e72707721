import { equal, match, noMatch, ok } from "./check.js";
import { accusations, denials } from "./denials.js";
import { mint, newTenant } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";
import { checkNoneOf, checkNoSecretIn } from "./shown_text.js";

/** @import { Case, Context } from "./context.js" */
/** @import { Denial } from "./denials.js" */

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
      const personal = { email: "ada@example.com", groups: ["payroll-admins"] };
      const secrets = { ...personal, jti: "jti-1f3870be274f6c49", nonce: "n-0S6_WzA2Mj" };
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
 * @param {Denial} denial
 * @param {boolean} legacyErrors
 */
async function isDiagnosed(context, denial, legacyErrors) {
  const { token, claims, mintOptions, ago = 0, rule, options, outcome, hint, accused } = denial;
  const tenant = await newTenant(context, { legacyErrors, rule: { workspaces: ["wrkspc_01test"], ...rule } });
  const jwt = token ?? (await mint(context, claims, { now: Math.floor(Date.now() / 1000) - ago, ...mintOptions }));
  const identityTokenProvider = () => jwt;
  const identity = newIdentity(context, tenant, { workspaceId: "wrkspc_01test", ...options, identityTokenProvider });
  const statusCode = legacyErrors ? 400 : 401;
  const error = await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED", statusCode, retryable: false });
  equal((await tenant.onlyEntry()).outcome, outcome, "the outcome on the server");
  for (const pattern of hint) match(error.hint, pattern, "hint");
  match(error.message, hint[0], "message");
  match(error.hint, /authentication events/, "hint");
  for (const [name, pattern] of Object.entries(accusations)) {
    if (!accused.some((accusation) => accusation === name)) noMatch(error.hint, pattern, "hint");
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
  const identityTokenProvider = () => /** @type {string} */ (jwts.shift());
  const identity = newIdentity(context, tenant, { identityTokenProvider });
  await exchanged(identity);
  const error = await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED", statusCode: 401 });
  match(error.hint, expected, "hint");
  checkNoneOf(context, error, [jti]);
  equal((await tenant.log()).at(-1)?.outcome, "jti_reused", "the outcome on the server");
}
