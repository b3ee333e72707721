import { WorkloadIdentity as Exchange } from "./core.js";

/** @import { AccessTokenProvider, WorkloadIdentity as Contract, WorkloadIdentityOptions } from "./index.js" */

/**
 * The exchange behind an identity, or behind the bound function that is its `call`.
 *
 * @type {WeakMap<object, Exchange>}
 */
const exchanges = new WeakMap();

/** @param {object} provider */
export function exchangeBehind(provider) {
  return exchanges.get(provider);
}

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
    const exchange = new Exchange(options);
    this.#exchange = exchange;
    /** @type {AccessTokenProvider} */
    this.call = (request) => exchange.call(request, false);
    exchanges.set(this, exchange).set(this.call, exchange);
  }

  get baseURL() {
    return this.#exchange.baseURL;
  }

  /** @param {string | URL} baseURL */
  bindBaseURL(baseURL) {
    this.#exchange.bindBaseURL(baseURL);
  }
}
