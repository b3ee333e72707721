import { randomBytes } from "node:crypto";
import { errorAnswer, jsonAnswer } from "./answer.js";
import { verifyAssertion } from "./assertion.js";
import { readExchangeRequest } from "./exchange_request.js";
import { ruleDenial } from "./federation_rule.js";

/** @import { Answer } from "./answer.js" */
/** @import { IssuerKeys } from "./issuer_keys.js" */
/** @import { ReceivedRequest } from "./received_request.js" */
/** @import { Tenant } from "./tenant.js" */

/**
 * @param {ReceivedRequest} received
 * @param {Tenant} tenant
 * @param {{ url: string, keys: IssuerKeys }} issuer
 * @param {string} requestId
 * @returns {Promise<Answer>}
 */
export async function exchange(received, tenant, issuer, requestId) {
  const request = readExchangeRequest(received);
  if ("refusal" in request) return errorAnswer(request.refusal, requestId);
  const { rule, issuerLimits: limits } = tenant.options;
  const { fields } = request;
  const now = tenant.now();
  const verified = await verifyAssertion(fields.assertion, { issuer: issuer.url, keys: issuer.keys, limits, now });
  if ("denial" in verified) return denied(verified.denial, tenant, requestId);
  const { claims } = verified;
  const denial = ruleDenial(rule, fields, claims);
  if (denial) return denied(denial, tenant, requestId);
  // Last, so that a denied assertion can be presented again; nothing is awaited between here and
  // the answer, so that of two requests with one jti only one gets through.
  if (limits.checkJti && claims.jti !== undefined && !tenant.consumeJti(claims.jti)) {
    return denied("jti_reused", tenant, requestId);
  }
  const expiresIn = accessTokenLifetime(rule.lifetime, claims.exp - now);
  const accessToken = `sk-ant-oat01-${randomBytes(32).toString("base64url")}`;
  tenant.keepToken(accessToken, { subject: claims.sub, ruleId: rule.id, expiresAt: now + expiresIn });
  const tokenResponse = {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: expiresIn,
    scope: rule.scope,
  };
  const headers = { "request-id": requestId, "cache-control": "no-store" };
  return { ...jsonAnswer(200, tokenResponse, "granted", headers), expiresIn };
}

/**
 * @param {number} ruleLifetime
 * @param {number} remaining validity of the assertion; below zero when only the leeway let it pass
 */
function accessTokenLifetime(ruleLifetime, remaining) {
  return Math.max(60, Math.min(ruleLifetime, 2 * Math.floor(remaining)));
}

/**
 * One answer for every reason: a client learns nothing about the rule.
 *
 * @param {string} outcome
 * @param {Tenant} tenant
 * @param {string} requestId
 */
function denied(outcome, tenant, requestId) {
  const message = "Authentication failed";
  if (tenant.options.legacyErrors) {
    const value = { error: "invalid_grant", error_description: message };
    return jsonAnswer(400, value, outcome, { "request-id": requestId });
  }
  return errorAnswer({ outcome, status: 401, type: "authentication_error", message }, requestId);
}
