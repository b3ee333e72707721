// Carries out what the policy in the module decides. Promises are shared here and nowhere else, by callers of which each has
// a timer of its own: in workerd a promise may die with the request that made it, and then it never settles.
import { TokenPolicy, aborted, timedOut } from "./core.js";
import { keepAlive, longestMs } from "./keep_alive.js";
import { patiently } from "./patience.js";
import { exchangeBehind } from "./workload_identity.js";

/** @import { AccessToken, AccessTokenProvider, AccessTokenRequest, TokenCache as Contract, TokenCacheOptions } from "./index.js" */
/** @import { WorkloadIdentity } from "./index.js" */

/** @typedef {{ token?: AccessToken | null, error?: unknown }} Outcome what came of a refresh; neither, when it was not made yet */

// Kinds of steps, as the module numbers them; what is none of them is to lead.
const SERVE = 0;
const SERVE_AND_REFRESH = 1;
const JOIN = 2;
const TIME_OUT = 4;

/** In the background only: there was no identity token that had not been sent before. */
const NOT_YET = Symbol("not yet");

/**
 * What `authenticatedFetch` needs of a cache and nobody else.
 *
 * @type {WeakMap<object, { baseURL: () => string | undefined, report: (error: unknown) => void }>}
 */
export const internals = new WeakMap();

/** @implements {Contract} */
export class TokenCache {
  #policy;
  #provide;
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
    const provide = /** @type {AccessTokenProvider} */ (provider);
    /** @type {(request: AccessTokenRequest, background: boolean) => Promise<AccessToken | typeof NOT_YET>} */
    this.#provide = exchange
      ? async (request, background) => (await exchange.call(request, background)) ?? NOT_YET
      : (request) => provide(request);
    const provides = exchange !== undefined || typeof provider === "function";
    this.#policy = new TokenPolicy(options, provides, exchange?.timeoutMs);
    this.#options = { ...options };
    internals.set(this, { baseURL: () => exchange?.baseURL, report: (error) => this.#report(error) });
    /** @type {AccessTokenProvider} */
    this.call = async (request) => {
      const step = this.#step(request);
      return step === SERVE ? /** @type {AccessToken} */ (this.#token) : this.#follow(step, request);
    };
  }

  /** @param {AccessTokenRequest} [request] */
  async getToken(request) {
    const step = this.#step(request);
    return (step === SERVE ? /** @type {AccessToken} */ (this.#token) : await this.#follow(step, request)).token;
  }

  /** @param {string} [rejectedToken] */
  invalidate(rejectedToken) {
    if (this.#policy.invalidate(rejectedToken)) this.#token = undefined;
  }

  /**
   * @param {AccessTokenRequest} [request]
   * @param {number} [lost] the refresh for which it has waited in vain
   * @param {number} [since] when it began to wait
   */
  #step(request, lost = 0, since = 0) {
    if (request?.signal?.aborted) throw aborted(request.signal.reason);
    const steady = performance.now();
    const waited = lost === 0 ? 0 : steady - since;
    return this.#policy.step(request?.forceRefresh === true ? 1 : 0, lost, waited, Date.now(), steady);
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
   * @param {number} [since] when it began to wait
   * @returns {Promise<AccessToken>}
   */
  async #carryOut(step, request, since = performance.now()) {
    const kind = step & 7;
    const refresh = step >>> 4;
    const kept = /** @type {AccessToken} */ (this.#token);
    if (kind === TIME_OUT) throw timedOut();
    if (kind === SERVE) return kept;
    if (kind === SERVE_AND_REFRESH) {
      this.#begin(step, true);
      return kept;
    }
    const joins = kind === JOIN;
    const shared = this.#shared;
    const outcome = joins && shared?.refresh === refresh ? shared.outcome : this.#begin(step, false);
    const seen = await patiently(outcome, Math.min(this.#policy.patienceMs(joins), longestMs), request?.signal);
    if (seen.aborted) throw aborted(request?.signal?.reason);
    if (seen.token) return seen.token;
    if ("error" in seen) throw seen.error;
    if (joins) return this.#carryOut(this.#step(request, refresh, since), request, since);
    this.#settle(refresh, {});
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
    this.#shared = { refresh: step >>> 4, outcome };
    return outcome;
  }

  /**
   * @param {number} step
   * @param {boolean} background
   * @returns {Promise<Outcome>} never rejects
   */
  async #refresh(step, background) {
    /** @type {Outcome} */
    let outcome = {};
    try {
      const token = await this.#provide({ forceRefresh: (step & 8) !== 0 }, background);
      if (token !== NOT_YET) outcome = { token: Object.isFrozen(token) ? (token ?? null) : Object.freeze({ ...token }) };
    } catch (error) {
      outcome = { error };
    }
    const kept = this.#settle(step >>> 4, outcome);
    if (kept === true) this.#token = outcome.token ?? undefined;
    else if (kept) outcome = { error: kept };
    if (background && "error" in outcome) this.#report(outcome.error);
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
