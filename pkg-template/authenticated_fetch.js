import { fetchScope } from "./core.js";
import { internals } from "./token_cache.js";

/** @import { TokenCache } from "./index.js" */

const API_BETA = "oauth-2025-04-20";
/** The beta of the token endpoint alone. */
const FEDERATION_BETA = "oidc-federation-2026-04-01";

/**
 * @param {TokenCache} cache
 * @param {{ baseURL?: string | URL, fetch?: typeof globalThis.fetch }} [options]
 * @returns {typeof globalThis.fetch}
 */
export function authenticatedFetch(cache, options) {
  const known = internals.get(cache);
  const given = fetchScope(known !== undefined, options);
  const { baseURL, report } = /** @type {NonNullable<typeof known>} */ (known);
  const send = options?.fetch ?? ((input, init) => globalThis.fetch(input, init));

  return async function authenticated(input, init) {
    const request = isOne(input, Request) ? /** @type {Request} */ (input) : undefined;
    const { href } = new URL(request?.url ?? /** @type {string | URL} */ (input), globalThis.location?.href);
    if (!covers(given ?? baseURL(), href)) return send(input, init);
    if (isOne(init, Request)) return authenticated(new Request(input, init), undefined);

    const signal = init?.signal ?? request?.signal;
    const accessToken = () =>
      cache.call({ signal }).catch((error) => {
        throw signal?.aborted ? signal.reason : error; // as fetch does it: by the reason clients know that they were aborted
      });
    const { token } = await accessToken();
    const repeatable = canBeSentAgain(init?.body, request);
    const first = repeatable && request && !init?.body ? request.clone() : input; // what an init replaces may have been read
    const response = await send(first, withToken(token, init, request));
    if (response.status !== 401) return response;

    cache.invalidate(token);
    if (!repeatable) return response;
    const renewed = await accessToken().catch((error) => {
      if (signal?.aborted) throw error;
      report(error); // nobody else sees it
    });
    if (!renewed || renewed.token === token) return response;
    response.body?.cancel().catch(() => {}); // nobody reads it
    return send(input, withToken(renewed.token, init, request));
  };
}

/**
 * Whether a URL lies at or below the base URL.
 *
 * @param {string} baseURL
 * @param {string} href
 */
function covers(baseURL, href) {
  return href.startsWith(baseURL) && /^([/?#]|$)/.test(href.slice(baseURL.length));
}

/**
 * The caller's options with the bearer token (RFC 6750 §2.1) in place of any other credential. The workspace is the token's,
 * and not for a header to say. A redirect is not followed unless the caller says so, because some hosts take the token along.
 *
 * @param {string} token
 * @param {RequestInit} [init]
 * @param {Request} [request]
 */
function withToken(token, init, request) {
  const headers = new Headers(init?.headers ?? request?.headers);
  headers.delete("x-api-key");
  headers.delete("anthropic-workspace-id");
  headers.set("authorization", `Bearer ${token}`);
  const flags = (headers.get("anthropic-beta") ?? "").split(",").map((flag) => flag.trim());
  const wanted = new Set([...flags, API_BETA].filter((flag) => flag && flag !== FEDERATION_BETA));
  headers.set("anthropic-beta", [...wanted].join());
  return { redirect: /** @type {const} */ ("manual"), ...init, headers };
}

/**
 * A stream cannot be sent again, once it was read from. A request that was not read can be cloned.
 *
 * @param {BodyInit | null | undefined} body
 * @param {Request} [request]
 */
function canBeSentAgain(body, request) {
  if (body === undefined || body === null) return !request?.bodyUsed;
  return (
    typeof body === "string" ||
    ArrayBuffer.isView(body) ||
    [ArrayBuffer, Blob, File, FormData, URLSearchParams].some((type) => isOne(body, type))
  );
}

/**
 * `instanceof`, and for values of another realm their tag, which not every host sets.
 *
 * @param {unknown} value
 * @param {Function} type
 */
function isOne(value, type) {
  return value instanceof type || Object.prototype.toString.call(value) === `[object ${type.name}]`;
}
