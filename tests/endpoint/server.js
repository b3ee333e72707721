import { errorAnswer, newRequestId, notFound } from "./answer.js";
import { answerControl } from "./control.js";
import { answerPreflight } from "./cors.js";
import { discoverIssuerKeys } from "./issuer_keys.js";
import { listenOnLoopback } from "./loopback_server.js";
import { answerMessage } from "./messages.js";
import { startSecondHost } from "./second_host.js";
import { Tenant } from "./tenant.js";
import { handleTenantCall } from "./tenant_call.js";
import { exchange } from "./token_endpoint.js";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { LogEntry } from "./call.js" */
/** @import { Fault } from "./fault_queue.js" */
/** @import { StrayRequest } from "./second_host.js" */
/** @import { TenantOptions } from "./tenant_options.js" */

/**
 * @typedef {object} TenantControl
 * @property {string} id
 * @property {string} baseURL
 * @property {() => LogEntry[]} log
 * @property {(faults: Fault[]) => void} setFaults replaces the queue
 * @property {() => void} revokeTokens
 * @property {(seconds: number) => void} setClockSkew
 */

/**
 * @typedef {object} Endpoint
 * @property {string} url
 * @property {string} secondHost
 * @property {() => StrayRequest[]} secondHostLog
 * @property {(options?: TenantOptions) => TenantControl} tenant
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} options
 * @param {string} options.issuer
 * @param {string} [options.host]
 * @param {number} [options.port]
 * @param {number} [options.jwksCacheMs] how long the issuer's keys are kept; real servers do, for about a minute
 * @returns {Promise<Endpoint>}
 */
export async function startEndpoint({ issuer, host, port, jwksCacheMs = 0 }) {
  const keys = await discoverIssuerKeys(issuer, jwksCacheMs);
  const secondHost = await startSecondHost({ host });
  /** @type {Map<string, Tenant>} */
  const tenants = new Map();

  /** @param {unknown} options */
  function createTenant(options) {
    const tenant = new Tenant(options);
    tenants.set(tenant.id, tenant);
    return tenant;
  }

  /** @param {Tenant} tenant */
  const baseURL = (tenant) => `${server.url}/t/${tenant.id}`;

  const controlled = {
    /** @param {unknown} options */
    createTenant(options) {
      const tenant = createTenant(options);
      return { id: tenant.id, baseURL: baseURL(tenant) };
    },
    /** @param {string} id */
    findTenant: (id) => tenants.get(id),
    secondHost,
  };

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async function route(request, response) {
    if (answerPreflight(request, response)) return;
    const [pathname] = (request.url ?? "").split("?");
    if (pathname.startsWith("/control/")) return answerControl(request, response, controlled);
    const [, id, resource] = /^\/t\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
    const tenant = tenants.get(id);
    const connection = { request, response, secondHost: secondHost.url };
    if (tenant && resource === "/v1/oauth/token") {
      return handleTenantCall("exchange", tenant, connection, (received, requestId) =>
        exchange(received, tenant, { url: issuer, keys }, requestId),
      );
    }
    if (tenant && resource === "/v1/messages") {
      return handleTenantCall("api", tenant, connection, async (received, requestId) =>
        answerMessage(received, tenant, requestId),
      );
    }
    const { status, headers, body } = errorAnswer(notFound, newRequestId());
    request.resume();
    response.writeHead(status, headers).end(body[0]);
  }

  const server = await listenOnLoopback(route, { host, port });

  return {
    url: server.url,
    secondHost: secondHost.url,
    secondHostLog: secondHost.log,
    tenant(options = {}) {
      const tenant = createTenant(options);
      return {
        id: tenant.id,
        baseURL: baseURL(tenant),
        log: () => tenant.log(),
        setFaults: (faults) => tenant.faults.replace(faults),
        revokeTokens: () => tenant.revokeTokens(),
        setClockSkew: (seconds) => tenant.setClockSkew(seconds),
      };
    },
    async close() {
      await Promise.all([server.close(), secondHost.close()]);
    },
  };
}
