import { bodyTooLarge, invalidRequest, methodNotAllowed } from "./answer.js";
import { betaTokens, federationBeta, oauthBeta } from "./beta_header.js";
import { isJsonObject } from "./received_request.js";

/** @import { IncomingHttpHeaders } from "node:http" */
/** @import { Refusal } from "./answer.js" */
/** @import { ReceivedRequest } from "./received_request.js" */

/**
 * @typedef {object} ExchangeFields
 * @property {string} grant_type
 * @property {string} assertion
 * @property {string} federation_rule_id
 * @property {string} organization_id
 * @property {string} [service_account_id]
 * @property {string} [workspace_id]
 */

const requiredFields = ["grant_type", "assertion", "federation_rule_id", "organization_id"];
const optionalFields = ["service_account_id", "workspace_id"];
const neverSentHeaders = ["authorization", "x-api-key", "anthropic-version", "cookie"];
const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const assertionLimit = 16_384;

/** @type {Array<[field: string, pattern: RegExp, expected: string]>} */
const fieldPatterns = [
  ["federation_rule_id", /^fdrl_[A-Za-z0-9]+$/, "a federation rule ID (fdrl_…)"],
  ["organization_id", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a UUID"],
  ["service_account_id", /^svac_/, "a service account ID (svac_…)"],
  ["workspace_id", /^(wrkspc_[A-Za-z0-9]+|default)$/, 'a workspace ID (wrkspc_…) or "default"'],
];

/**
 * Everything that can be said of a request without looking into its assertion.
 *
 * @param {ReceivedRequest} received
 * @returns {{ fields: ExchangeFields } | { refusal: Refusal }}
 */
export function readExchangeRequest(received) {
  if (received.method !== "POST") return { refusal: methodNotAllowed };
  if (received.tooLarge) return { refusal: bodyTooLarge };
  const refusal = bodyFormRefusal(received) ?? headersRefusal(received.headers);
  if (refusal) return { refusal };
  const body = /** @type {Record<string, unknown>} */ (received.json);
  const fieldsRefusal = presenceRefusal(body) ?? valuesRefusal(body);
  if (fieldsRefusal) return { refusal: fieldsRefusal };
  return { fields: /** @type {ExchangeFields} */ (/** @type {unknown} */ (body)) };
}

/** @param {ReceivedRequest} received */
function bodyFormRefusal({ headers, json }) {
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    return invalidRequest("content_type", "Content-Type must be application/json");
  }
  if (json === undefined) return invalidRequest("body_not_json", "The request body is not valid JSON");
  if (!isJsonObject(json)) return invalidRequest("body_not_object", "The request body must be a JSON object");
}

/** @param {IncomingHttpHeaders} headers */
function headersRefusal(headers) {
  const forbidden = neverSentHeaders.find((name) => headers[name] !== undefined);
  if (forbidden) return invalidRequest(`header_forbidden:${forbidden}`, `The header ${forbidden} is not accepted here`);
  const sent = betaTokens(headers);
  const missing = [oauthBeta, federationBeta].find((beta) => !sent.includes(beta));
  if (missing) return invalidRequest(`beta_missing:${missing}`, `The header anthropic-beta must contain ${missing}`);
}

/** @param {Record<string, unknown>} body */
function presenceRefusal(body) {
  for (const name of requiredFields) {
    if (body[name] === undefined) return invalidRequest(`field_missing:${name}`, `${name}: Field required`);
  }
  for (const name of [...requiredFields, ...optionalFields]) {
    if (body[name] !== undefined && typeof body[name] !== "string") {
      return invalidRequest(`field_not_string:${name}`, `${name}: Input should be a valid string`);
    }
  }
  for (const [name, value] of Object.entries(body)) {
    if (value === "") return invalidRequest(`field_empty:${name}`, `${name}: String should not be empty`);
  }
  // The real server takes it and derives it from the rule; no client has a reason to send it.
  if (body.scope !== undefined) return invalidRequest("scope_forbidden", "scope: Clients must not send this field");
}

/** @param {Record<string, unknown>} body whose known fields are strings */
function valuesRefusal(body) {
  if (body.grant_type !== jwtBearerGrant) {
    return invalidRequest("grant_type_unsupported", `grant_type: must be ${jwtBearerGrant}`);
  }
  if (Buffer.byteLength(String(body.assertion)) > assertionLimit) {
    return invalidRequest("assertion_too_large", `assertion: must be at most ${assertionLimit} bytes`);
  }
  for (const [name, pattern, expected] of fieldPatterns) {
    if (body[name] !== undefined && !pattern.test(String(body[name]))) {
      return invalidRequest(`field_malformed:${name}`, `${name}: must be ${expected}`);
    }
  }
}
