import { apiHeaders, covers, fetchScope } from "./core.js";
import { internals } from "./token_cache.js";

/** @import { TokenCache } from "./index.js" */

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

    const signal = (init?.signal === undefined ? request?.signal : init.signal) ?? undefined;
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
 * The caller's options with the bearer token in place of any other credential. A redirect is not followed unless the caller says
 * so, because some hosts take the token along.
 *
 * @param {string} token
 * @param {RequestInit} [init]
 * @param {Request} [request]
 */
function withToken(token, init, request) {
  const headers = new Headers(init?.headers ?? request?.headers);
  for (const [name, value] of Object.entries(apiHeaders(token, headers.get("anthropic-beta") ?? ""))) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
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
