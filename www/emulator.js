/** @import { WorkloadIdentityOptions } from "../pkg/index.js" */
import { now } from "./clock.js";

/** @typedef {Pick<WorkloadIdentityOptions, "federationRuleId" | "organizationId" | "serviceAccountId" | "workspaceId">} Ids */
/** @typedef {{ issuer: string, endpoint: string, identity: Ids }} Settings */

/** Seconds that an access token lives, and the least that the server allows. */
export const LIFETIME = 60;

/** The issuer, and a server of this page alone: its rule, its used-up identity tokens, its access tokens. */
export class Emulator {
  #issuer;
  #control;

  /**
   * @param {Settings} settings
   * @param {{ id: string, baseURL: string }} tenant
   */
  constructor({ issuer, endpoint, identity }, { id, baseURL }) {
    this.#issuer = issuer;
    this.#control = `${endpoint}/control/tenants/${id}`;
    this.identity = identity;
    this.baseURL = baseURL;
  }

  static async start() {
    /** @type {Settings} */
    const settings = await request("GET", "/settings.json");
    return new Emulator(settings, await request("POST", `${settings.endpoint}/control/tenants`, { rule: { lifetime: LIFETIME } }));
  }

  /**
   * @param {Record<string, unknown>} claims
   * @param {number} lifetime seconds
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>}
   */
  async mint(claims, lifetime, signal) {
    const options = { lifetime, now: now() };
    return (await request("POST", `${this.#issuer}/mint`, { claims, options }, signal)).token;
  }

  revokeTokens() {
    return request("DELETE", `${this.#control}/tokens`);
  }

  /** @param {number} seconds that the server's clock is ahead of this machine's */
  setClockSkew(seconds) {
    return request("POST", `${this.#control}/clock-skew`, seconds);
  }
}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
async function request(method, url, body, signal) {
  const response = await fetch(url, { method, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
