/** @import { IncomingHttpHeaders, ServerResponse } from "node:http" */
/** @import { Answer } from "./answer.js" */
/** @import { ReceivedRequest } from "./received_request.js" */

/**
 * @typedef {object} LogEntry
 * @property {"exchange" | "api"} kind
 * @property {number} at Unix milliseconds by this machine's clock, whatever the skew of the server's
 * @property {string} requestId
 * @property {string} method
 * @property {string} path
 * @property {IncomingHttpHeaders} headers
 * @property {unknown} body parsed JSON, or else the raw text
 * @property {number | null} status null while none was sent
 * @property {string | null} outcome null until decided; `granted`, a reason, or `fault:<kind>`
 * @property {number} [expiresIn] set when a token was minted, even if no answer told the client
 * @property {number} [bytesSent] of an oversized body
 * @property {boolean} clientGone the client left before the response was complete
 */

/**
 * @typedef {object} Call a request to a tenant, from the arrival of its body on
 * @property {ServerResponse} response
 * @property {ReceivedRequest} received
 * @property {LogEntry} entry
 * @property {AbortSignal} gone aborted when the connection is over
 * @property {string} secondHost
 * @property {boolean} cutByServer the connection ends because a fault wants it
 * @property {() => Promise<Answer>} perform has the effect of the request, once however often it is called
 */

/**
 * Sets the headers without sending them, so that Node can still add the length of a body that is whole.
 *
 * @param {Call} call
 * @param {Pick<Answer, "status" | "headers">} answer
 */
export function beginResponse({ response, entry }, { status, headers }) {
  entry.status = status;
  response.statusCode = status;
  response.setHeaders(new Map(Object.entries(headers)));
}

/**
 * @param {Call} call
 * @param {Answer} answer
 */
export function sendAnswer(call, answer) {
  call.entry.outcome = answer.outcome;
  beginResponse(call, answer);
  const pieces = [...answer.body];
  const last = pieces.pop();
  for (const piece of pieces) call.response.write(piece);
  call.response.end(last);
}
