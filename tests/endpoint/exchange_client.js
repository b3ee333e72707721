import { startIssuer } from "./issuer.js";
import { startEndpoint } from "./server.js";

/** @import { TestContext } from "node:test" */
/** @import { LogEntry } from "./call.js" */
/** @import { TenantControl } from "./server.js" */

/** What a well-behaved client sends, for tests to spoil in one place. */

export const exchangeHeaders = {
  "content-type": "application/json",
  "anthropic-beta": "oauth-2025-04-20,oidc-federation-2026-04-01",
};

/**
 * @param {string} assertion
 * @param {Record<string, unknown>} [changes] undefined leaves a field out
 */
export function exchangeBody(assertion, changes = {}) {
  return {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion,
    federation_rule_id: "fdrl_01test",
    organization_id: "00000000-0000-4000-8000-000000000001",
    service_account_id: "svac_01test",
    workspace_id: "wrkspc_01test",
    ...changes,
  };
}

/**
 * @param {{ baseURL: string }} tenant
 * @param {string} assertion
 * @param {Record<string, unknown>} [changes]
 * @param {RequestInit} [init]
 */
export function requestToken(tenant, assertion, changes, init = {}) {
  return fetch(`${tenant.baseURL}/v1/oauth/token`, {
    method: "POST",
    headers: exchangeHeaders,
    body: JSON.stringify(exchangeBody(assertion, changes)),
    redirect: "manual",
    ...init,
  });
}

/**
 * @param {{ baseURL: string }} tenant
 * @param {string} assertion
 * @returns {Promise<string>}
 */
export async function accessToken(tenant, assertion) {
  const response = await requestToken(tenant, assertion);
  return (await response.json()).access_token;
}

/** @param {string} token */
export function messageHeaders(token) {
  return {
    "content-type": "application/json",
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "oauth-2025-04-20",
    authorization: `Bearer ${token}`,
  };
}

export const messageBody = {
  model: "claude-sonnet-4-5",
  max_tokens: 64,
  messages: [{ role: "user", content: "Who am I?" }],
};

/**
 * @param {{ baseURL: string }} tenant
 * @param {string} token
 * @param {RequestInit} [init]
 */
export function sendMessage(tenant, token, init = {}) {
  return fetch(`${tenant.baseURL}/v1/messages`, {
    method: "POST",
    headers: messageHeaders(token),
    body: JSON.stringify(messageBody),
    ...init,
  });
}

export async function startBoth() {
  const issuer = await startIssuer();
  const endpoint = await startEndpoint({ issuer: issuer.url });
  return {
    issuer,
    endpoint,
    async close() {
      await endpoint.close();
      await issuer.close();
    },
  };
}

/**
 * The server sees a client's departure a moment after the client; this waits for it.
 *
 * @param {TestContext} t
 * @param {TenantControl} tenant
 * @param {(entry: LogEntry) => boolean} reached
 */
export async function lastEntry(t, tenant, reached) {
  for (;;) {
    const entry = tenant.log().at(-1);
    if (entry && reached(entry)) return entry;
    t.signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
