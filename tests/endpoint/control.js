import { invalidRequest, newRequestId, notFound } from "./answer.js";
import { receiveRequest } from "./received_request.js";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Refusal } from "./answer.js" */
/** @import { startSecondHost } from "./second_host.js" */
/** @import { Tenant } from "./tenant.js" */

/**
 * @typedef {object} Controlled
 * @property {(options: unknown) => { id: string, baseURL: string }} createTenant
 * @property {(id: string) => Tenant | undefined} findTenant
 * @property {Awaited<ReturnType<typeof startSecondHost>>} secondHost
 */

/** @typedef {{ status: number, value?: unknown }} ControlAnswer */

/**
 * The in-process interface for suites that run in another process, or in a browser.
 *
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {Controlled} controlled
 */
export async function answerControl(request, response, controlled) {
  const { method, path, json, text } = await receiveRequest(request);
  const { status, value } = carriedOut(`${method} ${path}`, text === "" ? {} : json, controlled);
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

/**
 * @param {string} command
 * @param {unknown} body
 * @param {Controlled} controlled
 * @returns {ControlAnswer}
 */
function carriedOut(command, body, controlled) {
  try {
    const answer = endpointCommand(command, body, controlled) ?? tenantCommand(command, body, controlled);
    return answer ?? refused(notFound);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refused(invalidRequest("control", error.message));
  }
}

/**
 * @param {string} command
 * @param {unknown} body
 * @param {Controlled} controlled
 * @returns {ControlAnswer | undefined}
 */
function endpointCommand(command, body, { createTenant, secondHost }) {
  switch (command) {
    case "POST /control/tenants":
      return { status: 201, value: createTenant(body) };
    case "GET /control/second-host/log":
      return { status: 200, value: secondHost.log() };
    case "DELETE /control/second-host/log":
      secondHost.clearLog();
      return { status: 204 };
  }
}

/**
 * @param {string} command
 * @param {unknown} body
 * @param {Controlled} controlled
 * @returns {ControlAnswer | undefined}
 */
function tenantCommand(command, body, { findTenant }) {
  const [, method, id, subject] = /^(\w+) \/control\/tenants\/([^/]+)\/([\w-]+)$/.exec(command) ?? [];
  const tenant = findTenant(id);
  if (!tenant) return undefined;
  switch (`${method} ${subject}`) {
    case "GET log":
      return { status: 200, value: tenant.log() };
    case "POST faults":
      tenant.faults.replace(body);
      return { status: 204 };
    case "POST clock-skew":
      tenant.setClockSkew(body);
      return { status: 204 };
    case "DELETE tokens":
      tenant.revokeTokens();
      return { status: 204 };
  }
}

/**
 * @param {Refusal} refusal
 * @returns {ControlAnswer}
 */
function refused({ status, type, message }) {
  return { status, value: { type: "error", error: { type, message }, request_id: newRequestId() } };
}
