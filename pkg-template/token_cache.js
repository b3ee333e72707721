// Carries out what the policy in the module decides. Promises are shared here and nowhere else, by callers of which each has
// a timer of its own: in workerd a promise may die with the request that made it, and then it never settles.
import { TokenPolicy, aborted, timedOut } from "./core.js";
import { keepAlive } from "./keep_alive.js";
import { nextTask, patiently } from "./patience.js";
import { exchangeBehind } from "./workload_identity.js";

/** @import { AccessToken, AccessTokenProvider, AccessTokenRequest, TokenCache as Contract, TokenCacheOptions } from "./index.js" */
/** @import { WorkloadIdentity } from "./index.js" */

/**
 * What came of a refresh. `notYet`: in the background only, there was no identity token that had not been used before.
 *
 * @typedef {{ token: AccessToken } | { error: unknown } | { notYet: true }} Outcome
 */

const SERVE = 0;
const SERVE_AND_REFRESH = 1;
const JOIN = 2;

const DEFAULT_TIMEOUT_MS = 30_000;
/** An exchange keeps its own limit and then says more than we could, so it is waited for a little longer. */
const GRACE_MS = 500;

/** @type {WeakMap<object, () => string | undefined>} */
const baseURLs = new WeakMap();

/** @param {TokenCache} cache */
export function baseURLOf(cache) {
  return baseURLs.get(cache)?.();
}

/** @implements {Contract} */
export class TokenCache {
  #policy;
  #provide;
  #limitMs;
  #patienceMs;
  #waitUntil;
  #onRefreshError;
  /** @type {AccessToken | undefined} */
  #token;
  /** @type {{ refresh: number, outcome: Promise<Outcome> } | undefined} */
  #shared;

  /**
   * @param {AccessTokenProvider | WorkloadIdentity} provider
   * @param {TokenCacheOptions} [options]
   */
  constructor(provider, options = {}) {
    const exchange = exchangeBehind(provider);
    const timeoutMs = exchange?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    /** @type {(request: AccessTokenRequest, optional: boolean) => Promise<AccessToken>} */
    this.#provide = exchange ? exchange.call.bind(exchange) : /** @type {any} */ (provider);
    this.#policy = new TokenPolicy(options, this.#provide, timeoutMs);
    this.#limitMs = timeoutMs + GRACE_MS;
    this.#patienceMs = options.timeoutMs ?? timeoutMs;
    this.#waitUntil = options.waitUntil;
    this.#onRefreshError = options.onRefreshError;
    baseURLs.set(this, () => exchange?.baseURL);
    /** @type {AccessTokenProvider} */
    this.call = (request) => this.#call(request);
  }

  /** @param {AccessTokenRequest} [request] */
  async getToken(request) {
    return (await this.#call(request)).token;
  }

  /** @param {string} [rejectedToken] */
  invalidate(rejectedToken) {
    if (this.#policy.invalidate(rejectedToken)) this.#token = undefined;
  }

  /**
   * @param {AccessTokenRequest} [request]
   * @returns {Promise<AccessToken>}
   */
  #call(request) {
    if (request?.signal?.aborted) return Promise.reject(aborted(request.signal.reason));
    const step = this.#policy.step(request?.forceRefresh === true, Date.now(), performance.now());
    return step === SERVE ? Promise.resolve(/** @type {AccessToken} */ (this.#token)) : this.#follow(step, request);
  }

  /**
   * The host keeps every caller's request alive that has to wait, and for one task longer: a cache in front of this one then
   * learns what came of its call, even if whoever made it has left.
   *
   * @param {number} step
   * @param {AccessTokenRequest} [request]
   */
  #follow(step, request) {
    const token = this.#carryOut(step, request);
    keepAlive(token.then(nextTask, nextTask), this.#waitUntil);
    return token;
  }

  /**
   * @param {number} step
   * @param {AccessTokenRequest} [request]
   * @returns {Promise<AccessToken>}
   */
  async #carryOut(step, request) {
    const [kind, refresh] = [step & 3, step >>> 2];
    const kept = /** @type {AccessToken} */ (this.#token);
    if (kind === SERVE) return kept;
    if (kind === SERVE_AND_REFRESH) {
      this.#begin(refresh, true);
      return kept;
    }
    const shared = kind === JOIN && this.#shared?.refresh === refresh ? this.#shared : this.#begin(refresh, false);
    const seen = await patiently(shared.outcome, kind === JOIN ? this.#patienceMs : this.#limitMs, request?.signal);
    if (seen === "aborted") throw aborted(request?.signal?.reason);
    if (seen !== "lost" && "token" in seen.value) return seen.value.token;
    if (seen !== "lost" && "error" in seen.value) throw seen.value.error;
    const [force, wall, steady] = [request?.forceRefresh === true, Date.now(), performance.now()];
    if (kind === JOIN) return this.#carryOut(this.#policy.giveUp(refresh, force, wall, steady), request);
    this.#policy.fail(refresh, undefined, wall, steady);
    throw timedOut();
  }

  /**
   * Starts a refresh that others may join.
   *
   * @param {number} refresh
   * @param {boolean} background
   */
  #begin(refresh, background) {
    const outcome = this.#refresh(refresh, background);
    keepAlive(outcome.then(nextTask), this.#waitUntil);
    this.#shared = { refresh, outcome };
    return this.#shared;
  }

  /**
   * @param {number} refresh
   * @param {boolean} background
   * @returns {Promise<Outcome>} never rejects
   */
  async #refresh(refresh, background) {
    const policy = this.#policy;
    try {
      const token = await this.#provide({ forceRefresh: policy.forces() }, background);
      if (background && !token) {
        policy.fail(refresh, undefined, Date.now(), performance.now());
        return { notYet: true };
      }
      const frozen = Object.isFrozen(token) ? token : Object.freeze({ ...token });
      if (policy.succeed(refresh, frozen, Date.now(), performance.now(), Math.random())) this.#token = frozen;
      return { token: frozen };
    } catch (error) {
      policy.fail(refresh, retryAfter(error), Date.now(), performance.now());
      if (background) this.#report(error);
      return { error };
    }
  }

  /** @param {any} error */
  #report(error) {
    try {
      this.#onRefreshError?.(error);
    } catch {
      // A listener that throws must not take the token away from anybody.
    }
  }
}

/** @param {any} error */
function retryAfter(error) {
  return typeof error?.retryAfter === "number" ? error.retryAfter : undefined;
}
