// Carries out what the policy in the module decides. Promises are shared here and nowhere else, by callers of which each has
// a timer of its own: in workerd a promise may die with the request that made it, and then it never settles.
import { TokenPolicy, aborted, timedOut } from "./core.js";
import { keepAlive, longestMs } from "./keep_alive.js";
import { patiently } from "./patience.js";
import { exchangeBehind } from "./workload_identity.js";

/** @import { AccessToken, AccessTokenProvider, AccessTokenRequest, TokenCache as Contract, TokenCacheOptions } from "./index.js" */
/** @import { WorkloadIdentity } from "./index.js" */

/** @typedef {{ token?: AccessToken | null, error?: unknown }} Outcome what came of a refresh; neither, when it was not made yet */

const SERVE_AND_REFRESH = 1;
const JOIN = 2;

const DEFAULT_BASE_URL = "https://api.anthropic.com";
const DEFAULT_TIMEOUT_MS = 30_000;
/** An exchange keeps its own limit and then says more than we could, so it is waited for a little longer. */
const GRACE_MS = 500;

/** In the background only: there was no identity token that had not been sent before. */
const NOT_YET = Symbol("not yet");

/**
 * What `authenticatedFetch` needs of a cache and nobody else.
 *
 * @type {WeakMap<object, { baseURL: () => string, report: (error: unknown) => void }>}
 */
export const internals = new WeakMap();

/** @implements {Contract} */
export class TokenCache {
  #policy;
  #provide;
  #limitMs;
  #options;
  /** @type {AccessToken | undefined} */
  #token;
  /** @type {{ refresh: number, outcome: Promise<Outcome> } | undefined} */
  #shared;

  /**
   * @param {AccessTokenProvider | WorkloadIdentity} provider
   * @param {TokenCacheOptions} [options]
   */
  constructor(provider, options) {
    const exchange = exchangeBehind(provider);
    this.#limitMs = exchange?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const provide = /** @type {AccessTokenProvider} */ (provider);
    /** @type {(request: AccessTokenRequest, background: boolean) => Promise<AccessToken | typeof NOT_YET>} */
    this.#provide = exchange
      ? async (request, background) => (await exchange.call(request, background)) ?? NOT_YET
      : (request) => provide(request);
    this.#policy = new TokenPolicy(options, exchange !== undefined || typeof provider === "function", this.#limitMs);
    this.#options = { ...options };
    internals.set(this, { baseURL: () => exchange?.baseURL ?? DEFAULT_BASE_URL, report: (error) => this.#report(error) });
    /** @type {AccessTokenProvider} */
    this.call = async (request) => {
      const step = this.#step(0, request);
      return step === 0 ? /** @type {AccessToken} */ (this.#token) : this.#follow(step, request);
    };
  }

  /** @param {AccessTokenRequest} [request] */
  async getToken(request) {
    const step = this.#step(0, request);
    return (step === 0 ? /** @type {AccessToken} */ (this.#token) : await this.#follow(step, request)).token;
  }

  /** @param {string} [rejectedToken] */
  invalidate(rejectedToken) {
    if (this.#policy.invalidate(rejectedToken)) this.#token = undefined;
  }

  /**
   * @param {number} lost the refresh that was waited for in vain
   * @param {AccessTokenRequest} [request]
   */
  #step(lost, request) {
    if (request?.signal?.aborted) throw aborted(request.signal.reason);
    return this.#policy.step(lost, request?.forceRefresh === true ? 1 : 0, Date.now(), performance.now());
  }

  /**
   * Every caller that has to wait keeps its request alive: a cache in front of this one then learns what came of its call, even
   * if whoever made it has left.
   *
   * @param {number} step
   * @param {AccessTokenRequest} [request]
   */
  #follow(step, request) {
    const token = this.#carryOut(step, request);
    keepAlive(token, this.#options.waitUntil);
    return token;
  }

  /**
   * @param {number} step
   * @param {AccessTokenRequest} [request]
   * @param {number} [since] when this caller began to wait
   * @returns {Promise<AccessToken>}
   */
  async #carryOut(step, request, since = performance.now()) {
    const kind = step & 3;
    const refresh = step >>> 3;
    const kept = /** @type {AccessToken} */ (this.#token);
    if (kind <= SERVE_AND_REFRESH) {
      if (kind) this.#begin(step, true);
      return kept;
    }
    const shared = this.#shared;
    const outcome = kind === JOIN && shared?.refresh === refresh ? shared.outcome : this.#begin(step, false);
    const limitMs = kind === JOIN ? (this.#options.timeoutMs ?? this.#limitMs) : Math.min(this.#limitMs + GRACE_MS, longestMs);
    const seen = await patiently(outcome, limitMs, request?.signal);
    if (seen.aborted) throw aborted(request?.signal?.reason);
    if (seen.token) return seen.token;
    if ("error" in seen) throw seen.error;
    if (kind !== JOIN) this.#settle(refresh, {});
    // Of many callers one leads next, and the others join again: a second time in vain is enough.
    else if (performance.now() - since < 1.5 * limitMs) return this.#carryOut(this.#step(refresh, request), request, since);
    throw timedOut();
  }

  /**
   * Starts a refresh that others may join.
   *
   * @param {number} step
   * @param {boolean} background
   */
  #begin(step, background) {
    // workerd notes on a promise which request made it, and wakes whoever waits in the right one. Code that V8 has optimised makes
    // the promises of async functions without that note; built-in functions never do.
    const outcome = Promise.race([this.#refresh(step, background)]);
    keepAlive(outcome, this.#options.waitUntil);
    this.#shared = { refresh: step >>> 3, outcome };
    return outcome;
  }

  /**
   * @param {number} step
   * @param {boolean} background
   * @returns {Promise<Outcome>} never rejects
   */
  async #refresh(step, background) {
    const refresh = step >>> 3;
    /** @type {Outcome} */
    let outcome = {};
    try {
      const token = await this.#provide({ forceRefresh: (step & 4) !== 0 }, background);
      if (token !== NOT_YET) outcome = { token: Object.isFrozen(token) ? (token ?? null) : Object.freeze({ ...token }) };
      if (this.#settle(refresh, outcome)) this.#token = outcome.token ?? undefined;
    } catch (error) {
      outcome = { error };
      this.#settle(refresh, outcome);
      if (background) this.#report(error);
    }
    return outcome;
  }

  /**
   * @param {number} refresh
   * @param {Outcome} outcome
   */
  #settle(refresh, outcome) {
    return this.#policy.settle(refresh, outcome, Date.now(), performance.now());
  }

  /**
   * A listener that throws, or rejects, must not take the token away from anybody.
   *
   * @param {any} error
   */
  #report(error) {
    new Promise((resolve) => resolve(this.#options.onRefreshError?.(error))).catch(() => {});
  }
}
