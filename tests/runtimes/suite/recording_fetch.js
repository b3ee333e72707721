import { ScriptedProvider } from "./scripted_provider.js";

/** @import { Context } from "./context.js" */

/**
 * @typedef {object} Sent what a host's fetch would have sent
 * @property {Request} request whose body was read
 * @property {string} body its bytes, one character each
 * @property {any} input as it was given
 * @property {any} init as it was given
 */

/**
 * A fetch that sends nothing, notes everything, and gives the answers in order; the last one again and again.
 *
 * @param {Array<(sent: Sent) => Response>} answers
 */
export function recordingFetch(...answers) {
  /** @type {Sent[]} */
  const sent = [];
  const fetch = async (/** @type {any} */ input, /** @type {any} */ init) => {
    const request = new Request(input, init);
    const body = new TextDecoder("latin1").decode(await request.arrayBuffer());
    const entry = { request, body, input, init };
    sent.push(entry);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return (answer ?? status(200))(entry);
  };
  return { fetch: /** @type {typeof globalThis.fetch} */ (fetch), sent };
}

/** @param {number} code */
export function status(code) {
  return () => new Response(`{"status":${code}}`, { status: code, headers: { "x-status": String(code) } });
}

/**
 * The header by which a request is authenticated, or `null`.
 *
 * @param {Sent} sent
 */
export function authorizationOf({ request }) {
  return request.headers.get("authorization");
}

/**
 * An authenticated fetch whose tokens are t1, t2 and so on, and which sends nothing.
 *
 * @param {Context} context
 * @param {string} baseURL
 * @param {Parameters<typeof recordingFetch>} answers
 */
export function authenticated({ pkg }, baseURL, ...answers) {
  const provider = new ScriptedProvider();
  const cache = new pkg.TokenCache(provider.call);
  const { fetch, sent } = recordingFetch(...answers);
  return { send: pkg.authenticatedFetch(cache, { baseURL, fetch }), sent, provider, cache };
}
