// What every entry exports once it has loaded the module.
import { WorkloadIdentity as Exchange } from "./core.js";

/** @import { AccessTokenProvider, WorkloadIdentity as Contract, WorkloadIdentityOptions } from "./index.js" */

export { WorkloadIdentityError } from "./errors.js";
export { identityTokenFromFile, identityTokenFromValue } from "./identity_tokens.js";

/**
 * The class of the contract around the class of the module, which has a `free()` that could be called during a call.
 *
 * @implements {Contract}
 */
export class WorkloadIdentity {
  /** @type {Exchange} */
  #exchange;

  static MAX_ASSERTION_BYTES = 16_384; // for information: the module enforces it

  /** @param {WorkloadIdentityOptions} options */
  constructor(options) {
    this.#exchange = new Exchange(options);
    /** @type {AccessTokenProvider} */
    this.call = (request) => this.#exchange.call(request);
  }

  get baseURL() {
    return this.#exchange.baseURL;
  }

  /** @param {string | URL} baseURL */
  bindBaseURL(baseURL) {
    this.#exchange.bindBaseURL(baseURL);
  }
}
