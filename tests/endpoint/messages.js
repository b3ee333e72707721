import { errorAnswer, bodyTooLarge, invalidRequest, jsonAnswer, methodNotAllowed } from "./answer.js";
import { betaTokens, federationBeta, oauthBeta } from "./beta_header.js";
import { messageEvents, textMessage } from "./message_shape.js";
import { isJsonObject } from "./received_request.js";

/** @import { IncomingHttpHeaders } from "node:http" */
/** @import { Answer, Refusal } from "./answer.js" */
/** @import { ReceivedRequest } from "./received_request.js" */
/** @import { MintedToken, Tenant } from "./tenant.js" */

/**
 * `/v1/messages`: no model, but the door in front of it.
 *
 * @param {ReceivedRequest} received
 * @param {Tenant} tenant
 * @param {string} requestId
 * @returns {Answer}
 */
export function answerMessage(received, tenant, requestId) {
  if (received.method !== "POST") return errorAnswer(methodNotAllowed, requestId);
  if (received.tooLarge) return errorAnswer(bodyTooLarge, requestId);
  const { headers, json } = received;
  if (!headers["anthropic-version"]) {
    return errorAnswer(invalidRequest("version_missing", "anthropic-version: header is required"), requestId);
  }
  const authenticated = authenticate(headers, tenant);
  if ("refusal" in authenticated) return errorAnswer(authenticated.refusal, requestId);
  const refusal = headersRefusal(headers) ?? bodyRefusal(json);
  if (refusal) return errorAnswer(refusal, requestId);
  const { subject, ruleId } = authenticated.minted;
  const { model, stream } = /** @type {{ model: string, stream?: unknown }} */ (json);
  const message = textMessage(model, `Hello, ${subject} (via ${ruleId}).`);
  if (stream !== true) return jsonAnswer(200, message, "granted", { "request-id": requestId });
  return {
    status: 200,
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "request-id": requestId,
    },
    body: messageEvents(message),
    outcome: "granted",
  };
}

/**
 * @param {IncomingHttpHeaders} headers
 * @param {Tenant} tenant
 * @returns {{ minted: MintedToken } | { refusal: Refusal }}
 */
function authenticate(headers, tenant) {
  if (headers["x-api-key"] !== undefined) {
    return unauthenticated("api_key_present", "x-api-key is not accepted: use a federated access token");
  }
  const [, accessToken] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? "") ?? [];
  if (accessToken === undefined) return unauthenticated("bearer_missing", "authorization: a bearer token is required");
  const minted = tenant.findToken(accessToken);
  if (!minted) return unauthenticated("token_unknown", "invalid bearer token");
  if (tenant.now() >= minted.expiresAt) return unauthenticated("token_expired", "token expired");
  return { minted };
}

/**
 * @param {string} outcome
 * @param {string} message
 * @returns {{ refusal: Refusal }}
 */
function unauthenticated(outcome, message) {
  return { refusal: { outcome, status: 401, type: "authentication_error", message } };
}

/** @param {IncomingHttpHeaders} headers */
function headersRefusal(headers) {
  const betas = betaTokens(headers);
  if (betas.includes(federationBeta)) {
    return invalidRequest("federation_beta_present", `anthropic-beta: ${federationBeta} belongs to the token endpoint`);
  }
  const count = betas.filter((beta) => beta === oauthBeta).length;
  if (count === 0) return invalidRequest("beta_missing", `anthropic-beta: ${oauthBeta} is required`);
  if (count > 1) return invalidRequest("beta_repeated", `anthropic-beta: ${oauthBeta} appears more than once`);
  if (headers["anthropic-workspace-id"] !== undefined) {
    return invalidRequest("workspace_header", "anthropic-workspace-id: not supported with federated tokens");
  }
}

/** @param {unknown} json */
function bodyRefusal(json) {
  if (json === undefined) return invalidRequest("body_not_json", "The request body is not valid JSON");
  if (!isJsonObject(json)) return invalidRequest("body_not_object", "The request body must be a JSON object");
  const { model, max_tokens: maxTokens, messages } = json;
  if (typeof model !== "string" || model === "") return invalidRequest("field_invalid:model", "model: Field required");
  if (!Number.isInteger(maxTokens) || Number(maxTokens) < 1) {
    return invalidRequest("field_invalid:max_tokens", "max_tokens: must be a positive integer");
  }
  if (!Array.isArray(messages) || messages.length === 0) {
    return invalidRequest("field_invalid:messages", "messages: must be a non-empty array");
  }
}
