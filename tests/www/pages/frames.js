// Two realms: the page's, and that of a frame in it.
import { equal, match, ok, rejectionOf } from "../../runtimes/suite/check.js";
import { mint, newTenant } from "../../runtimes/suite/emulator.js";
import { apiCall, options, usePackage } from "./use.js";
import * as pkg from "../../../pkg/entry/inline.js";

/** @import { Case, Context } from "../../runtimes/suite/context.js" */

/** @type {Promise<Window & typeof globalThis & { pkg: typeof pkg, usePackage: typeof usePackage }>} */
const opened = new Promise((resolve, reject) => {
  const frame = document.createElement("iframe");
  frame.src = "frame.html";
  frame.onload = () => resolve(/** @type {any} */ (frame.contentWindow));
  frame.onerror = reject;
  document.documentElement.append(frame);
});

/**
 * @param {Context} context
 * @param {Record<string, unknown>} [changes]
 */
async function identityWith(context, changes) {
  const tenant = await newTenant(context);
  const identity = new pkg.WorkloadIdentity(/** @type {any} */ ({ ...options(context, tenant), ...changes }));
  return { tenant, identity, cache: new pkg.TokenCache(identity) };
}

/** @type {Case[]} */
export const cases = [
  {
    name: "works in a frame",
    async run(context) {
      const frame = await opened;
      await frame.usePackage(frame.pkg, context);
    },
  },
  { name: "works in a frame that the page calls", run: async (context) => usePackage((await opened).pkg, context) },
  {
    name: "takes options and a URL of another realm",
    async run(context) {
      const frame = await opened;
      const { baseURL, ...others } = options(context, await newTenant(context));
      const given = Object.assign(new frame.Object(), others, { baseURL: new frame.URL(baseURL) });
      const cache = new pkg.TokenCache(new pkg.WorkloadIdentity(given), Object.assign(new frame.Object(), { jitter: 0 }));
      match(await cache.getToken(new frame.Object()), /^sk-ant-/, "the access token");
    },
  },
  {
    name: "takes an identity token from a promise of another realm",
    async run(context) {
      const frame = await opened;
      const token = await mint(context);
      const { identity } = await identityWith(context, { identityTokenProvider: () => frame.Promise.resolve(token) });
      match((await identity.call()).token, /^sk-ant-/, "the access token");
    },
  },
  {
    name: "reads a response of another realm",
    async run(context) {
      const frame = await opened;
      const { tenant, identity } = await identityWith(context, { fetch: frame.fetch });
      match((await identity.call()).token, /^sk-ant-/, "the access token");
      await tenant.setFaults({ kind: "reply", status: 429, headers: { "retry-after": "7" }, body: { error: "slow_down" } });
      const error = await rejectionOf(identity.call(), "the exchange");
      equal(`${error.code} ${error.statusCode} ${error.retryAfter}`, "ERR_EXCHANGE_REFUSED 429 7", "the error");
      ok(error instanceof pkg.WorkloadIdentityError && error instanceof Error, "the error is of another realm");
    },
  },
  {
    name: "hands on an error of another realm as cause",
    async run(context) {
      const frame = await opened;
      const thrown = new frame.TypeError("no token today");
      const { identity } = await identityWith(context, { identityTokenProvider: () => Promise.reject(thrown) });
      const error = await rejectionOf(identity.call(), "the exchange");
      equal(error.code, "ERR_IDENTITY_TOKEN_PROVIDER", "the code");
      match(error.cause.message, /no token today/, "the cause");
    },
  },
  ...["identity", "cache"].map((which) => ({
    name: `is freed by a signal of another realm (${which})`,
    async run(/** @type {Context} */ context) {
      const frame = await opened;
      const { tenant, ...callers } = await identityWith(context);
      await tenant.setFaults({ kind: "hang" });
      const controller = new frame.AbortController();
      const call = callers[/** @type {"identity" | "cache"} */ (which)].call({ signal: controller.signal });
      const reason = new frame.Error("enough");
      await tenant.lastEntry(() => true);
      controller.abort(reason);
      const error = await rejectionOf(call, "the call");
      equal(error.code, "ERR_ABORTED", "the code");
      equal(error.cause, reason, "the cause");
    },
  })),
  {
    name: "authenticates a Request of another realm",
    async run(context) {
      const frame = await opened;
      const { tenant, cache } = await identityWith(context);
      const response = await pkg.authenticatedFetch(cache)(new frame.Request(...apiCall(tenant)));
      equal(response.status, 200, "the status");
    },
  },
  {
    name: "authenticates with headers and a signal of another realm",
    async run(context) {
      const frame = await opened;
      const { tenant, cache } = await identityWith(context);
      const [url, init] = apiCall(tenant);
      const { signal } = new frame.AbortController();
      const given = Object.assign(new frame.Object(), { ...init, headers: new frame.Headers(init.headers), signal });
      equal((await pkg.authenticatedFetch(cache)(new frame.URL(url), given)).status, 200, "the status");
    },
  },
  ...["text", "bytes", "buffer", "Blob", "Request"].map((kind) => ({
    name: `repeats a body of another realm after a 401 (${kind})`,
    async run(/** @type {Context} */ context) {
      const frame = await opened;
      const { tenant, cache } = await identityWith(context);
      await cache.getToken();
      await tenant.revokeTokens();
      const [url, { body, ...init }] = apiCall(tenant);
      const bytes = new frame.TextEncoder().encode(String(body));
      /** @type {Record<string, BodyInit>} */
      const bodies = { text: String(body), bytes, buffer: bytes.buffer, Blob: new frame.Blob([bytes]) };
      const call = pkg.authenticatedFetch(cache);
      const response = await (kind === "Request" ? call(new frame.Request(url, { ...init, body })) : call(url, { ...init, body: bodies[kind] }));
      equal(response.status, 200, "the status");
    },
  })),
];
