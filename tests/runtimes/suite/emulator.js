import { ok, within } from "./check.js";

/** @import { LogEntry } from "../../endpoint/call.js" */
/** @import { Fault } from "../../endpoint/fault_queue.js" */
/** @import { MintOptions } from "../../endpoint/identity_token.js" */
/** @import { StrayRequest } from "../../endpoint/second_host.js" */
/** @import { TenantOptions } from "../../endpoint/tenant_options.js" */
/** @import { Context } from "./context.js" */

/** The host's, also while a case replaces the global one. */
export const realFetch = globalThis.fetch.bind(globalThis);

/**
 * @param {Pick<Context, "issuer">} context
 * @param {Record<string, unknown>} [claims]
 * @param {MintOptions} [options]
 * @returns {Promise<string>}
 */
export async function mint({ issuer }, claims = {}, options = {}) {
  return (await send("POST", `${issuer}/mint`, { claims, options })).token;
}

/**
 * A server of its own for a case: its rule, its faults, its log.
 *
 * @param {Pick<Context, "endpoint">} context
 * @param {TenantOptions} [options]
 */
export async function newTenant({ endpoint }, options = {}) {
  /** @type {{ id: string, baseURL: string }} */
  const { id, baseURL } = await send("POST", `${endpoint}/control/tenants`, options);
  const control = `${endpoint}/control/tenants/${id}`;

  /** @returns {Promise<LogEntry[]>} */
  const log = () => send("GET", `${control}/log`);

  return {
    id,
    baseURL,
    log,
    /** @param {Fault[]} faults */
    setFaults: (...faults) => send("POST", `${control}/faults`, faults),
    revokeTokens: () => send("DELETE", `${control}/tokens`),
    /** The only exchange that arrived. */
    async onlyEntry() {
      const entries = await log();
      ok(entries.length === 1, `the endpoint received ${entries.length} requests, not 1`);
      return entries[0];
    },
    /**
     * The server sees a client's departure a moment after the client; this waits for it.
     *
     * @param {(entry: LogEntry) => boolean} reached
     */
    lastEntry(reached) {
      let over = false;
      const search = async () => {
        while (!over) {
          const entry = (await log()).at(-1);
          if (entry && reached(entry)) return entry;
        }
        throw new Error("nobody waits any longer");
      };
      return within(5000, search(), "the log entry").finally(() => {
        over = true;
      });
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof newTenant>>} Tenant */

/**
 * @param {Pick<Context, "endpoint">} context
 * @returns {Promise<StrayRequest[]>}
 */
export function secondHostLog({ endpoint }) {
  return send("GET", `${endpoint}/control/second-host/log`);
}

/**
 * @param {Pick<Tenant, "baseURL">} tenant
 * @param {string} accessToken
 */
export async function callApi(tenant, accessToken) {
  const response = await realFetch(`${tenant.baseURL}/v1/messages`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${accessToken}`,
      "anthropic-beta": "oauth-2025-04-20",
      "anthropic-version": "2023-06-01",
      "content-type": "application/json",
    },
    body: JSON.stringify({ model: "claude-sonnet-5", max_tokens: 9, messages: [{ role: "user", content: "Who am I?" }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function send(method, url, body) {
  const response = await realFetch(url, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  ok(response.ok, `${method} ${url} answered ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
