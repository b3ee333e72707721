import { randomBytes } from "node:crypto";

/** @typedef {Record<string, string | number | string[]>} ResponseHeaders */

/**
 * @typedef {object} Answer a complete HTTP response, and what the log says about it
 * @property {number} status
 * @property {ResponseHeaders} headers
 * @property {Array<string | Buffer>} body written piece by piece
 * @property {string} outcome
 * @property {number} [expiresIn]
 */

/** @typedef {{ outcome: string, status: number, type: string, message: string }} Refusal */

export function newRequestId() {
  return `req_${randomBytes(12).toString("hex")}`;
}

/**
 * @param {string} outcome
 * @param {string} message
 * @returns {Refusal}
 */
export function invalidRequest(outcome, message) {
  return { outcome, status: 400, type: "invalid_request_error", message };
}

/** @type {Refusal} */
export const bodyTooLarge = {
  outcome: "body_too_large",
  status: 413,
  type: "request_too_large",
  message: "Request exceeds the maximum size of 1 MiB",
};

/** @type {Refusal} */
export const methodNotAllowed = {
  outcome: "method_not_allowed",
  status: 405,
  type: "invalid_request_error",
  message: "Method not allowed: use POST",
};

/** @type {Refusal} */
export const notFound = { outcome: "not_found", status: 404, type: "not_found_error", message: "Not found" };

/**
 * @param {number} status
 * @param {unknown} value
 * @param {string} outcome
 * @param {ResponseHeaders} [headers]
 * @returns {Answer}
 */
export function jsonAnswer(status, value, outcome, headers = {}) {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: [JSON.stringify(value)],
    outcome,
  };
}

/**
 * @param {Refusal} refusal
 * @param {string} requestId
 * @returns {Answer}
 */
export function errorAnswer({ outcome, status, type, message }, requestId) {
  const value = { type: "error", error: { type, message }, request_id: requestId };
  return jsonAnswer(status, value, outcome, { "request-id": requestId, ...(status === 405 && { allow: "POST" }) });
}
