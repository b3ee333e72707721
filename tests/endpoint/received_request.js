/** @import { IncomingHttpHeaders, IncomingMessage } from "node:http" */

/**
 * @typedef {object} ReceivedRequest
 * @property {string} method
 * @property {string} path the request target as it arrived
 * @property {IncomingHttpHeaders} headers
 * @property {string} text
 * @property {unknown} json undefined when the body is not JSON
 * @property {boolean} tooLarge the body went over the limit and was thrown away
 */

const bodyLimit = 1024 * 1024;

/**
 * Rejects when the client leaves before its body is complete.
 *
 * @param {IncomingMessage} request
 * @returns {Promise<ReceivedRequest>}
 */
export async function receiveRequest(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  let size = 0;
  // An oversized body is read to its end all the same: a client that is still writing when the
  // connection closes may see a reset in place of the 413.
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= bodyLimit) chunks.push(chunk);
  }
  const tooLarge = size > bodyLimit;
  const body = tooLarge ? Buffer.alloc(0) : Buffer.concat(chunks);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    text: body.toString("utf8"),
    json: parseJson(body),
    tooLarge,
  };
}

/** @param {Buffer} body */
function parseJson(body) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
