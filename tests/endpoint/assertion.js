import { compactVerify, decodeProtectedHeader, errors } from "jose";
import { isJsonObject } from "./received_request.js";

/** @import { IssuerKeys } from "./issuer_keys.js" */
/** @import { IssuerLimits } from "./tenant_options.js" */

/**
 * @typedef {object} AssertionClaims
 * @property {string} iss
 * @property {string} sub
 * @property {number} iat
 * @property {number} exp
 * @property {number} [nbf]
 * @property {string} [jti]
 */

/** @typedef {AssertionClaims & Record<string, unknown>} VerifiedClaims */

/**
 * @typedef {object} AssertionContext
 * @property {string} issuer
 * @property {IssuerKeys} keys
 * @property {IssuerLimits} limits
 * @property {number} now
 */

const allowedAlgs = ["RS", "PS", "ES"].flatMap((family) => [`${family}256`, `${family}384`, `${family}512`]);

/**
 * What holds for every assertion of this issuer, whatever the federation rule.
 *
 * @param {string} assertion
 * @param {AssertionContext} context
 * @returns {Promise<{ claims: VerifiedClaims } | { denial: string }>}
 */
export async function verifyAssertion(assertion, context) {
  const denial = headerDenial(assertion);
  if (denial) return { denial };
  const verified = await verifySignature(assertion, context.keys);
  if ("denial" in verified) return verified;
  const claims = parseClaims(verified.payload);
  if (!claims) return { denial: "malformed_assertion" };
  const claimsDenial = presenceDenial(claims) ?? typeDenial(claims);
  if (claimsDenial) return { denial: claimsDenial };
  const typedClaims = /** @type {VerifiedClaims} */ (claims);
  const timeDenial = typedClaims.iss === context.issuer ? validityDenial(typedClaims, context) : "issuer_mismatch";
  return timeDenial ? { denial: timeDenial } : { claims: typedClaims };
}

/** @param {string} assertion */
function headerDenial(assertion) {
  /** @type {import("jose").ProtectedHeaderParameters} */
  let header;
  try {
    header = decodeProtectedHeader(assertion);
  } catch {
    return "malformed_assertion";
  }
  if (!allowedAlgs.includes(header.alg ?? "")) return "alg_not_allowed";
  // jose would take the only key that fits; the server does not guess.
  if (typeof header.kid !== "string" || header.kid === "") return "kid_missing";
}

/**
 * @param {string} assertion
 * @param {IssuerKeys} keys
 * @returns {Promise<{ payload: Uint8Array } | { denial: string }>}
 */
async function verifySignature(assertion, keys) {
  try {
    return await compactVerify(assertion, keys, { algorithms: allowedAlgs });
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return { denial: "bad_signature" };
    if (error instanceof errors.JWSInvalid || error instanceof errors.JOSENotSupported) {
      return { denial: "malformed_assertion" };
    }
    // No key of that kid, or an issuer that cannot be reached: to the server they are one.
    return { denial: "key_unknown" };
  }
}

/** @param {Uint8Array} payload */
function parseClaims(payload) {
  try {
    const claims = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    return isJsonObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Record<string, unknown>} claims */
function presenceDenial(claims) {
  const missing = ["sub", "iat", "exp"].find((name) => claims[name] === undefined);
  return missing && `claim_missing:${missing}`;
}

/** @param {Record<string, unknown>} claims */
function typeDenial({ sub, iat, exp, nbf, jti }) {
  const wellTyped =
    typeof sub === "string" &&
    typeof iat === "number" &&
    typeof exp === "number" &&
    ["number", "undefined"].includes(typeof nbf) &&
    ["string", "undefined"].includes(typeof jti);
  return wellTyped ? undefined : "malformed_assertion";
}

/**
 * @param {VerifiedClaims} claims
 * @param {AssertionContext} context
 */
function validityDenial({ iat, exp, nbf }, { limits, now }) {
  if (now >= exp + limits.leeway) return "expired";
  if (iat > now + limits.leeway) return "issued_in_future";
  if (nbf !== undefined && nbf > now + limits.leeway) return "not_yet_valid";
  if (exp - iat > limits.maxLifetime) return "lifetime_too_long";
}
