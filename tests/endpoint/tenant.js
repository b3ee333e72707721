import { randomBytes } from "node:crypto";
import { FaultQueue } from "./fault_queue.js";
import { completeTenantOptions } from "./tenant_options.js";

/** @import { LogEntry } from "./call.js" */
/** @import { CompleteTenantOptions } from "./tenant_options.js" */

/** @typedef {{ subject: string, ruleId: string, expiresAt: number }} MintedToken */

/** One customer's view of the server: nothing in it is shared with another tenant. */
export class Tenant {
  /** @type {Set<string>} */
  #consumedJtis = new Set();
  /** @type {Map<string, MintedToken>} */
  #tokens = new Map();
  /** @type {LogEntry[]} */
  #log = [];
  /** @type {number} */
  #clockSkew;

  /** @param {unknown} options a TenantOptions */
  constructor(options) {
    this.id = randomBytes(6).toString("hex");
    /** @type {CompleteTenantOptions} */
    this.options = completeTenantOptions(options);
    this.faults = new FaultQueue(this.options.faults);
    this.#clockSkew = this.options.clockSkew;
  }

  /** Unix seconds by the server's clock. */
  now() {
    return Math.floor(Date.now() / 1000) + this.#clockSkew;
  }

  /** @param {unknown} seconds */
  setClockSkew(seconds) {
    if (typeof seconds !== "number") throw new TypeError("the clock skew must be a number of seconds");
    this.#clockSkew = seconds;
  }

  /**
   * @param {string} jti
   * @returns {boolean} false when it was consumed before
   */
  consumeJti(jti) {
    if (this.#consumedJtis.has(jti)) return false;
    this.#consumedJtis.add(jti);
    return true;
  }

  /**
   * @param {string} accessToken
   * @param {MintedToken} minted
   */
  keepToken(accessToken, minted) {
    this.#tokens.set(accessToken, minted);
  }

  /** @param {string} accessToken */
  findToken(accessToken) {
    return this.#tokens.get(accessToken);
  }

  revokeTokens() {
    this.#tokens.clear();
  }

  /** @param {LogEntry} entry */
  record(entry) {
    this.#log.push(entry);
  }

  /** A snapshot: entries still change while their request is being answered. */
  log() {
    return this.#log.map((entry) => ({ ...entry }));
  }
}
