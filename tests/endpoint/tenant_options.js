import { isJsonObject } from "./received_request.js";

/**
 * @typedef {object} FederationRule
 * @property {string} id
 * @property {string} organizationId
 * @property {string} serviceAccountId
 * @property {string} audience
 * @property {string} subjectPrefix
 * @property {Record<string, string>} claims values that must match exactly
 * @property {string[]} workspaces
 * @property {number} lifetime of access tokens, in seconds
 * @property {string} scope
 * @property {boolean} archived
 */

/**
 * @typedef {object} IssuerLimits
 * @property {number} maxLifetime of identity tokens, in seconds
 * @property {boolean} checkJti
 * @property {number} leeway seconds
 */

/**
 * @typedef {object} CompleteTenantOptions
 * @property {FederationRule} rule
 * @property {IssuerLimits} issuerLimits
 * @property {unknown[]} faults
 * @property {number} clockSkew seconds that the server's clock is ahead
 * @property {boolean} legacyErrors denials are 400 `invalid_grant`, as older servers answer
 */

/**
 * @typedef {Partial<Omit<CompleteTenantOptions, "rule" | "issuerLimits">>
 *   & { rule?: Partial<FederationRule>, issuerLimits?: Partial<IssuerLimits> }} TenantOptions
 */

/** @type {FederationRule} */
const defaultRule = {
  id: "fdrl_01test",
  organizationId: "00000000-0000-4000-8000-000000000001",
  serviceAccountId: "svac_01test",
  audience: "https://api.anthropic.com",
  subjectPrefix: "repo:example/app:",
  claims: {},
  workspaces: ["wrkspc_01test"],
  lifetime: 600,
  scope: "workspace:developer",
  archived: false,
};

/** @type {IssuerLimits} */
const defaultIssuerLimits = { maxLifetime: 3600, checkJti: true, leeway: 30 };

/** @type {CompleteTenantOptions} */
const defaultOptions = {
  rule: defaultRule,
  issuerLimits: defaultIssuerLimits,
  faults: [],
  clockSkew: 0,
  legacyErrors: false,
};

/**
 * @param {unknown} given a TenantOptions, checked because it may come over HTTP
 * @returns {CompleteTenantOptions}
 */
export function completeTenantOptions(given) {
  const options = mergedOver(defaultOptions, given, "options");
  return {
    ...options,
    rule: mergedOver(defaultRule, options.rule, "rule"),
    issuerLimits: mergedOver(defaultIssuerLimits, options.issuerLimits, "issuerLimits"),
  };
}

/**
 * A misspelt option would make a test pass for the wrong reason, so it is an error.
 *
 * @template {object} T
 * @param {T} defaults
 * @param {unknown} given
 * @param {string} where
 * @returns {T}
 */
function mergedOver(defaults, given, where) {
  if (!isJsonObject(given)) throw new TypeError(`${where} must be an object`);
  const merged = /** @type {Record<string, unknown>} */ ({ ...defaults });
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) throw new TypeError(`${where}.${name} is not an option`);
    if (value === undefined) continue;
    const kind = kindOf(merged[name]);
    if (kindOf(value) !== kind) throw new TypeError(`${where}.${name} must be of type ${kind}`);
    merged[name] = value;
  }
  return /** @type {T} */ (merged);
}

/** @param {unknown} value */
function kindOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
