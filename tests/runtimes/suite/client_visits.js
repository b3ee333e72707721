import { runAhead } from "./clock.js";
import { newCache, sleep } from "./drop_in.js";
import { question, ways } from "./official_client.js";

/** @import Anthropic from "@anthropic-ai/sdk" */
/** @import { Context } from "./context.js" */

/**
 * What one request to the Worker does with a client and a cache that it shares with other requests, as they share whatever is
 * in the scope of a module.
 *
 * @typedef {object} Visit
 * @property {string} baseURL
 * @property {string} way title of one of the ways
 * @property {"first" | "second"} [client] of two that share a cache
 * @property {number} [timeoutMs] for an exchange
 * @property {number} [leavesAfterMs] then the request is answered, with the call of the client under way
 * @property {number} [ahead] seconds that the clocks are ahead
 * @property {number} [refreshes] of a cache of its own, and nothing else
 */

/** @type {Map<string, Record<"first" | "second", Anthropic>>} */
const sites = new Map();

/**
 * @param {Context} context
 * @param {Visit} visit
 * @returns {Promise<string>} "greeted", "left", or what failed
 */
export async function visited(context, { client = "first", leavesAfterMs, ahead = 0, refreshes, ...site }) {
  if (refreshes) return warmedUp(context, refreshes);
  runAhead(ahead);
  const call = clientsOf(context, site)[client].messages.create(question).then(() => "greeted", String);
  const outcome = await (leavesAfterMs === undefined ? call : Promise.race([call, leaving(leavesAfterMs)]));
  const [uncaught] = context.uncaught.splice(0);
  return uncaught === undefined ? outcome : `nobody caught ${uncaught}`;
}

/**
 * With an older compatibility date, workerd does not know which request a promise belongs to when optimised code has made it:
 * that of an `async` function, for one, that was called often. Whoever awaits it in another request is lost.
 *
 * @param {Context} context
 * @param {number} refreshes
 */
async function warmedUp({ pkg }, refreshes) {
  const cache = new pkg.TokenCache(async () => ({ token: "t", expiresAt: null }));
  for (let refresh = 0; refresh < refreshes; refresh += 1) {
    await cache.call();
    cache.invalidate();
  }
  return "warm";
}

/** @param {number} ms */
async function leaving(ms) {
  if (ms > 0) await sleep(ms);
  return "left";
}

/**
 * @param {Context} context
 * @param {Pick<Visit, "baseURL" | "way" | "timeoutMs">} site
 */
function clientsOf(context, { baseURL, way, timeoutMs }) {
  const known = sites.get(baseURL);
  if (known) return known;
  const { clientOf } = ways.find(({ title }) => title === way) ?? ways[0];
  const cache = newCache(context, { baseURL }, { timeoutMs });
  const clients = { first: clientOf(context, cache, { baseURL }), second: clientOf(context, cache, { baseURL }) };
  sites.set(baseURL, clients);
  return clients;
}
