import { deepEqual, equal, ok } from "./check.js";
import { failure, newIdentity } from "./identity.js";

/** @import { Case, Context } from "./context.js" */

/**
 * The module's memory never shrinks, so these must come before cases that make it large: in the free space that those leave
 * behind a leak would not be seen.
 *
 * @type {Case[]}
 */
export const memoryCases = [
  ...[
    { calls: 10_000, warmUp: 500, status: 200 },
    { calls: 5_000, warmUp: 500, status: 401 },
  ].map(({ calls, warmUp, status }) => ({
    name: `${calls} exchanges that end with ${status} leave nothing behind in the module`,
    async run(/** @type {Context} */ context) {
      const run = sequence(context, status);
      await run(warmUp);
      const before = sizes(context);
      await run(calls);
      deepEqual(sizes(context), before, "what the module holds");
    },
  })),
  {
    name: "10000 calls of a cache and 1000 refreshes of it, well or badly ended, leave nothing behind in the module",
    async run(context) {
      const { cached, refreshed } = cacheSequences(context);
      await cached(500);
      await refreshed(200);
      const before = sizes(context);
      await cached(10_000);
      await refreshed(1000);
      deepEqual(sizes(context), before, "what the module holds");
    },
  },
];

/** @param {Context} context */
function cacheSequences({ pkg }) {
  let calls = 0;
  const cache = new pkg.TokenCache(async () => {
    calls += 1;
    ok(calls % 3 > 0, "every third fails");
    return { token: `t${calls}`, expiresAt: Date.now() / 1000 + 3600 };
  });
  const send = pkg.authenticatedFetch(cache, { baseURL: "https://api.example", fetch: async () => new Response() });
  const left = AbortSignal.abort();
  return {
    async cached(/** @type {number} */ times) {
      const token = await cache.getToken().catch(() => cache.getToken());
      for (let time = 0; time < times; time += 1) equal(await cache.getToken(), token, "token");
    },
    async refreshed(/** @type {number} */ times) {
      for (let time = 0; time < times; time += 1) {
        cache.invalidate(time % 2 ? undefined : `t${calls}`);
        const callers = [cache.call(), cache.call(), cache.call({ signal: left }), send("https://api.example/v1")];
        await Promise.allSettled(callers);
      }
    },
  };
}

/**
 * @param {Context} context
 * @param {number} status
 */
function sequence(context, status) {
  let jwts = 0;
  const body = JSON.stringify(
    status === 200
      ? { access_token: "sk-ant-oat01-x", token_type: "Bearer", expires_in: 3600, scope: "workspace:developer" }
      : { type: "error", error: { type: "authentication_error", message: "Authentication failed" }, request_id: "req_1" },
  );
  const parties = { iss: "https://issuer.example", sub: "repo:example/app", aud: "https://api.anthropic.com" };
  const claims = base64url({ ...parties, iat: 1, exp: 2 });
  const identity = newIdentity(context, { baseURL: "https://api.example" }, {
    identityTokenProvider: () => `${base64url({ alg: "ES256", kid: "k" })}.${claims}.${(jwts += 1)}`,
    fetch: async () => new Response(body, { status }),
  });
  return async (/** @type {number} */ calls) => {
    for (let call = 0; call < calls; call += 1) {
      if (status === 200) equal((await identity.call()).token, "sk-ant-oat01-x", "token");
      else if (call % 100 === 0) await failure(context, identity, { statusCode: status });
      else await identity.call().then(() => ok(false, "it was not refused"), () => {});
    }
  };
}

/**
 * The bytes of its memory, and how many JavaScript values it may refer to.
 *
 * @param {Context} context
 */
function sizes({ modules }) {
  const exported = modules.flatMap((module) => Object.values(module));
  const bytes = exported.map((value) => (value instanceof WebAssembly.Memory ? value.buffer.byteLength : 0));
  const references = exported.map((value) => (value instanceof WebAssembly.Table ? value.length : 0));
  ok(bytes.some((size) => size > 0), "the module exports no memory");
  return { bytes: bytes.filter((size) => size > 0), references: references.filter((length) => length > 0) };
}

/** @param {unknown} value */
function base64url(value) {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
