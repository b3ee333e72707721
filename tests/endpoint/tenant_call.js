import { newRequestId } from "./answer.js";
import { sendAnswer } from "./call.js";
import { strike } from "./faults.js";
import { receiveRequest } from "./received_request.js";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Answer } from "./answer.js" */
/** @import { Call, LogEntry } from "./call.js" */
/** @import { ReceivedRequest } from "./received_request.js" */
/** @import { Tenant } from "./tenant.js" */

/**
 * Logs a request to a tenant and answers it, by way of the next fault when there is one.
 *
 * @param {LogEntry["kind"]} kind
 * @param {Tenant} tenant
 * @param {{ request: IncomingMessage, response: ServerResponse, secondHost: string }} connection
 * @param {(received: ReceivedRequest, requestId: string) => Promise<Answer>} respond
 */
export async function handleTenantCall(kind, tenant, { request, response, secondHost }, respond) {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const received = await receiveRequest(request);
  const entry = newLogEntry(kind, received);
  tenant.record(entry);
  /** @type {Promise<Answer> | undefined} */
  let answer;
  /** @type {Call} */
  const call = {
    response,
    received,
    entry,
    gone: gone.signal,
    secondHost,
    cutByServer: false,
    perform: () => (answer ??= performed(entry, respond(received, entry.requestId))),
  };
  const noteDeparture = () => {
    entry.clientGone = !response.writableFinished && !call.cutByServer;
  };
  if (gone.signal.aborted) return noteDeparture();
  gone.signal.addEventListener("abort", noteDeparture);
  const fault = tenant.faults.take(kind);
  try {
    if (fault) await strike(call, fault);
    else sendAnswer(call, await call.perform());
  } catch (error) {
    // The client left while a fault was waiting; there is nobody to tell.
    if (!gone.signal.aborted) throw error;
  }
}

/**
 * @param {LogEntry} entry
 * @param {Promise<Answer>} answering
 */
async function performed(entry, answering) {
  const answer = await answering;
  if (answer.expiresIn !== undefined) entry.expiresIn = answer.expiresIn;
  return answer;
}

/**
 * @param {LogEntry["kind"]} kind
 * @param {ReceivedRequest} received
 * @returns {LogEntry}
 */
function newLogEntry(kind, { method, path, headers, json, text }) {
  return {
    kind,
    at: Date.now(),
    requestId: newRequestId(),
    method,
    path,
    headers,
    body: json === undefined ? text : json,
    status: null,
    outcome: null,
    clientGone: false,
  };
}
