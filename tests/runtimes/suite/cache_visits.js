import { runAhead } from "./clock.js";
import { callApi, mint } from "./emulator.js";
import { newIdentity } from "./identity.js";
import { ScriptedProvider } from "./scripted_provider.js";

/** @import { TokenCache } from "../../../pkg-template/index.d.ts" */
/** @import { Context } from "./context.js" */

/**
 * What one request to the Worker does with a cache that it shares with other requests, as in the scope of a module.
 *
 * @typedef {object} CacheVisit
 * @property {string} baseURL each has a cache of its own
 * @property {boolean} keptAlive whether the host is told of what goes on after a request; else only timers help
 * @property {number} timeoutMs of the cache
 * @property {number} exchangeTimeoutMs
 * @property {string} identityToken for one exchange
 * @property {number} [leavesAfterMs] then the request is answered, with the call of the cache under way
 * @property {boolean} [invalidates] before its call
 * @property {number} [ahead] seconds that the clocks are ahead
 * @property {number} [refreshes] so many are all that it does
 */

/** @type {Map<string, { cache: TokenCache, identityTokens: string[] }>} */
const sites = new Map();

/**
 * @param {Context} context
 * @param {CacheVisit} visit
 * @returns {Promise<string>} the token, once the API has accepted it; "left"; or what failed
 */
export async function visitedCache(context, { leavesAfterMs, invalidates = false, ahead = 0, identityToken, refreshes, ...site }) {
  if (refreshes) return refreshed(context, refreshes);
  runAhead(ahead);
  const { cache, identityTokens } = siteOf(context, site);
  identityTokens.push(identityToken);
  if (invalidates) cache.invalidate();
  const call = cache.getToken().then(
    async (token) => ((await callApi(site, token)) === 200 ? token : `the API refused ${token}`),
    (error) => `${error?.code}: ${error}`,
  );
  const outcome = await (leavesAfterMs === undefined ? call : Promise.race([call, leaving(leavesAfterMs)]));
  const [uncaught] = context.uncaught.splice(0);
  return uncaught === undefined ? outcome : `nobody caught ${uncaught}`;
}

/**
 * Engines optimise what runs often, for the kinds of values that they have seen.
 *
 * @param {Context} context
 * @param {number} refreshes
 */
async function refreshed(context, refreshes) {
  let answers = 0;
  const fetch = async () => {
    answers += 1;
    const body = JSON.stringify({ access_token: `t${answers}`, token_type: "Bearer", expires_in: 600 });
    return new Response(body, { status: answers % 4 === 0 ? 503 : 200 });
  };
  const identity = newIdentity(context, { baseURL: "https://api.example" }, { fetch, identityTokenProvider: () => "a.b.c" });
  const caches = [identity, new ScriptedProvider().call].map((provider) => new context.pkg.TokenCache(provider));
  for (let refresh = 0; refresh < refreshes; refresh += 1) {
    const cache = caches[refresh % caches.length];
    cache.invalidate();
    await Promise.allSettled([cache.call(), cache.call()]);
  }
  return "refreshed";
}

/** @param {number} ms */
async function leaving(ms) {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return "left";
}

/**
 * @param {Context} context
 * @param {Pick<CacheVisit, "baseURL" | "keptAlive" | "timeoutMs" | "exchangeTimeoutMs">} site
 */
function siteOf(context, { baseURL, keptAlive, timeoutMs, exchangeTimeoutMs }) {
  const known = sites.get(baseURL);
  if (known) return known;
  /** @type {string[]} */
  const identityTokens = [];
  const identityTokenProvider = () => identityTokens.shift() ?? mint(context);
  const identity = newIdentity(context, { baseURL }, { timeoutMs: exchangeTimeoutMs, identityTokenProvider });
  const options = { timeoutMs, jitter: 0, ...(keptAlive ? {} : { waitUntil: () => {} }) };
  const site = { cache: new context.pkg.TokenCache(identity, options), identityTokens };
  sites.set(baseURL, site);
  return site;
}
