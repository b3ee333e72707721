// What is measured over and over in a process that goes on. Every function does its work as often as it is told to.
import { oidcFederationProvider } from "@anthropic-ai/sdk/lib/credentials/oidc-federation";
import { TokenCache as SdkCache } from "@anthropic-ai/sdk/lib/credentials/token-cache";
// @ts-ignore: installed beside the copy of this file that is run
import { TokenCache, WorkloadIdentity } from "anthropic-workload-identity";
import { plainCache, plainExchange } from "./plain.js";

/**
 * @typedef {object} ExchangeOptions
 * @property {string} baseURL
 * @property {() => Promise<string>} identityTokenProvider
 * @property {string} federationRuleId
 * @property {string} organizationId
 * @property {string} serviceAccountId
 */

/** @typedef {Record<string, (count: number) => Promise<void>>} Contenders */

const LIFETIME_SECONDS = 3600;

/**
 * Each has a loop of its own: an engine optimises a loop for the one function that it calls.
 *
 * @returns {Contenders}
 */
export function cachedCalls() {
  const token = `sk-ant-oat01-${"x".repeat(80)}`;
  const provide = async () => Object.freeze({ token, expiresAt: Date.now() / 1000 + LIFETIME_SECONDS });
  const cache = new TokenCache(provide);
  const textCache = new TokenCache(provide);
  const sdkCache = new SdkCache(provide);
  const plain = plainCache(provide);
  return {
    async nothing(count) {
      for (let i = 0; i < count; i += 1);
    },
    async call(count) {
      for (let i = 0; i < count; i += 1) await cache.call();
    },
    async getToken(count) {
      for (let i = 0; i < count; i += 1) await textCache.getToken();
    },
    async sdk(count) {
      for (let i = 0; i < count; i += 1) await sdkCache.getToken();
    },
    async plain(count) {
      for (let i = 0; i < count; i += 1) await plain();
    },
  };
}

/**
 * One after the other, over a connection that stays open.
 *
 * @param {string} baseURL
 * @param {import("./settings.mjs").Settings} settings
 * @returns {Contenders}
 */
export function exchanges(baseURL, { ids, assertion }) {
  const options = { ...ids, baseURL, identityTokenProvider: async () => assertion };
  const send = (/** @type {any} */ url, /** @type {any} */ init) => fetch(url, init); // workerd's wants no `this`
  return {
    ours: often(new WorkloadIdentity(options).call),
    sdk: often(oidcFederationProvider({ ...options, fetch: send })),
    plain: often(plainExchange(options)),
  };
}

/** @param {() => Promise<{ token: string }>} exchange */
function often(exchange) {
  return async (/** @type {number} */ count) => {
    for (let i = 0; i < count; i += 1) {
      const { token } = await exchange();
      if (!token.startsWith("sk-ant-oat01-")) throw new Error("what the exchange brought is no token");
    }
  };
}

/**
 * @param {import("./settings.mjs").Settings} settings
 * @returns {Record<import("./settings.mjs").WorkloadName, Contenders>}
 */
export function allWorkloads(settings) {
  return {
    cached: cachedCalls(),
    canned: exchanges(settings.canned, settings),
    emulator: exchanges(settings.emulator, settings),
  };
}
