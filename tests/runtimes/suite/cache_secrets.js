import { equal, ok, rejectionOf } from "./check.js";
import { withClock } from "./clock.js";
import { mint, newTenant } from "./emulator.js";
import { failure, newIdentity } from "./identity.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { Case } from "./context.js" */

const secret = "sk-ant-oat01-Zm9vYmFyYmF6cXV4";

/** @type {Case[]} */
export const cacheSecretCases = [
  {
    name: "a cache that holds a token does not show it, nor does a fetch with it",
    async run(context) {
      const tenant = await newTenant(context);
      const jwt = await mint(context);
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant, { identityTokenProvider: () => jwt }));
      const token = await cache.getToken();
      const send = context.pkg.authenticatedFetch(cache);
      for (const object of [cache, cache.call, send]) {
        checkNoSecretIn(context, object, token);
        checkNoSecretIn(context, object, jwt);
      }
    },
  },
  ...[400, 401, 500].map((status) => ({
    name: `an endpoint that repeats the assertion with a ${status}: to who waits, and in the background`,
    run: (/** @type {import("./context.js").Context} */ context) =>
      withClock(async (clock) => {
        const jwts = [await mint(context), await mint(context), await mint(context)];
        let asked = 0;
        const tenant = await newTenant(context);
        const identity = newIdentity(context, tenant, { identityTokenProvider: () => jwts[asked++] });
        /** @type {(error: unknown) => void} */
        let report = () => {};
        const reported = new Promise((resolve) => void (report = resolve));
        const cache = new context.pkg.TokenCache(identity, { onRefreshError: (error) => report(error) });
        await tenant.setFaults({ kind: "echo", as: "message", status });
        checkNoSecretIn(context, await failure(context, cache, { statusCode: status }), jwts[0]);
        await cache.call();
        await tenant.setFaults({ kind: "echo", as: "nested", status });
        clock.advance(600 - 60);
        await cache.call();
        checkNoSecretIn(context, await reported, jwts[2]);
      }),
  })),
  {
    name: "an abort whose reason holds a token, of a call and of a request",
    async run(context) {
      const provider = new ScriptedProvider();
      provider.holds = true;
      const cache = new context.pkg.TokenCache(provider.call);
      const caller = new AbortController();
      const calls = [0, 1].map(() => failure(context, cache, { code: "ERR_ABORTED" }, { signal: caller.signal }));
      caller.abort(new Error("gone", { cause: secret }));
      for (const error of await Promise.all(calls)) checkNoSecretIn(context, error, secret);
      provider.release();
      await settled();
    },
  },
  {
    name: "a token that no header can carry is not shown by what goes wrong",
    async run(context) {
      for (const token of [`${secret}\r\nx-a: b`, `${secret}\n`, `${secret}\0`, `${secret}世`]) {
        const cache = new context.pkg.TokenCache(async () => ({ token, expiresAt: null }));
        const send = context.pkg.authenticatedFetch(cache, {
          baseURL: "https://api.example",
          fetch: async (_, init) => Response.json([...new Headers(init?.headers)].length),
        });
        const error = await rejectionOf(send("https://api.example/v1"), "the request");
        checkNoSecretIn(context, error, secret);
        ok(error instanceof context.pkg.WorkloadIdentityError, `it is no WorkloadIdentityError: ${error}`);
        equal(error.code, "ERR_INVALID_OPTIONS", "code");
      }
    },
  },
];
