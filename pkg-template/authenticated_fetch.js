import { betaFlags, covers } from "./core.js";
import { baseURLOf } from "./token_cache.js";

/** @import { TokenCache } from "./index.js" */

/**
 * @param {TokenCache} cache
 * @param {{ baseURL?: string | URL, fetch?: typeof globalThis.fetch }} [options]
 * @returns {typeof globalThis.fetch}
 */
export function authenticatedFetch(cache, options = {}) {
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const baseURL = () => options.baseURL ?? baseURLOf(/** @type {any} */ (cache));
  covers(baseURL(), ""); // refuses an odd base URL now, not at the first request

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, globalThis.location?.href);
    if (!covers(baseURL(), url.href)) return send(input, init);

    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const { token } = await cache.call({ signal });
    const repeatable = canBeSentAgain(input, init);
    const response = await send(repeatable ? copyOf(input) : input, { ...init, headers: withToken(input, init, token) });
    if (response.status !== 401) return response;

    cache.invalidate(token);
    if (!repeatable) return response;
    const renewed = await cache.call({ signal }).catch(() => undefined);
    if (!renewed || renewed.token === token) return response;
    response.body?.cancel().catch(() => {}); // nobody reads it
    return send(input, { ...init, headers: withToken(input, init, renewed.token) });
  };
}

/**
 * The caller's headers with the bearer token in place of any other credential. The workspace is the token's, and not for
 * a header to say.
 *
 * @param {RequestInfo | URL} input
 * @param {RequestInit | undefined} init
 * @param {string} token
 */
function withToken(input, init, token) {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.delete("x-api-key");
  headers.delete("anthropic-workspace-id");
  headers.set("authorization", `Bearer ${token}`);
  headers.set("anthropic-beta", betaFlags(headers.get("anthropic-beta") ?? ""));
  return headers;
}

/**
 * Whether the body can be sent a second time. A stream cannot, once it was read from.
 *
 * @param {RequestInfo | URL} input
 * @param {RequestInit} [init]
 */
function canBeSentAgain(input, init) {
  const body = init?.body;
  if (body === undefined || body === null) return !(input instanceof Request) || !input.bodyUsed;
  return (
    typeof body === "string" ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof Blob ||
    body instanceof FormData ||
    body instanceof URLSearchParams
  );
}

/** @param {RequestInfo | URL} input */
function copyOf(input) {
  return input instanceof Request ? input.clone() : input;
}
