/** @import { IncomingMessage, ServerResponse } from "node:http" */

/**
 * Lets scripts of any origin read the response, and answers preflight requests.
 *
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @returns {boolean} whether the request was a preflight and is answered
 */
export function answerPreflight(request, response) {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", "request-id, retry-after");
  if (request.method !== "OPTIONS" || !request.headers["access-control-request-method"]) return false;
  response.writeHead(204, {
    "access-control-allow-methods": "GET, POST, DELETE",
    // The requested names are echoed because "*" does not cover `authorization`.
    "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
  });
  response.end();
  return true;
}
