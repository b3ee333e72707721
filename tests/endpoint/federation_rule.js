/** @import { VerifiedClaims } from "./assertion.js" */
/** @import { ExchangeFields } from "./exchange_request.js" */
/** @import { FederationRule } from "./tenant_options.js" */

/**
 * Why the rule does not let this assertion have a token.
 *
 * @param {FederationRule} rule
 * @param {ExchangeFields} fields
 * @param {VerifiedClaims} claims
 * @returns {string | undefined}
 */
export function ruleDenial(rule, fields, claims) {
  return requestDenial(rule, fields) ?? claimsDenial(rule, claims) ?? workspaceDenial(rule, fields.workspace_id);
}

/**
 * @param {FederationRule} rule
 * @param {ExchangeFields} fields
 */
function requestDenial(rule, fields) {
  if (fields.federation_rule_id !== rule.id) return "rule_unknown";
  if (rule.archived) return "rule_archived";
  if (fields.organization_id.toLowerCase() !== rule.organizationId.toLowerCase()) return "organization_mismatch";
  const account = fields.service_account_id;
  if (account !== undefined && account !== rule.serviceAccountId) return "service_account_mismatch";
}

/**
 * @param {FederationRule} rule
 * @param {VerifiedClaims} claims
 */
function claimsDenial(rule, claims) {
  const audiences = [claims.aud].flat();
  if (!audiences.includes(rule.audience)) return "audience_mismatch";
  if (!claims.sub.startsWith(rule.subjectPrefix)) return "subject_mismatch";
  for (const [name, value] of Object.entries(rule.claims)) {
    if (claims[name] !== value) return `claim_mismatch:${name}`;
  }
}

/**
 * @param {FederationRule} rule
 * @param {string | undefined} workspace
 */
function workspaceDenial({ workspaces }, workspace) {
  if (workspace !== undefined) return workspaces.includes(workspace) ? undefined : "workspace_not_allowed";
  return workspaces.length === 1 ? undefined : "workspace_id_required";
}
