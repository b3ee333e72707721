import { APIConnectionError, AuthenticationError } from "@anthropic-ai/sdk";
import { equal, ok, rejectionOf } from "./check.js";
import { withClock } from "./clock.js";
import { answered, apiThatRefuses, checkApiCalls, checkExchanges, messageAnswer, newCache } from "./drop_in.js";
import { mint, newTenant } from "./emulator.js";
import { checkError } from "./identity.js";
import { ask, checkStream, question, setUp, ways } from "./official_client.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { Case, Context } from "./context.js" */
/** @import { Way } from "./official_client.js" */

const CALLS = 1000;
/** Without it the client waits for half a second before it repeats a call. */
const SOON = { "retry-after-ms": "1" };

/** @type {Case[]} */
export const officialClientRefusalCases = [
  ...ways.flatMap((way) => casesOf(way).map((each) => ({ ...each, name: `${each.name} (${way.title})` }))),
  {
    name: "a refusal within 5 s of the exchange is the caller's, and the client recovers by itself (credentials: cache.call)",
    run: (context) =>
      withClock(async (clock) => {
        const { tenant, client } = await setUp(ways[0], context);
        await ask(client);
        await tenant.setFaults({ kind: "reply", status: 401, headers: SOON, on: "api", times: 3 });
        const error = await rejectionOf(ask(client), "the call");
        ok(error instanceof AuthenticationError, `it is ${error?.stack}`);
        await checkExchanges(tenant, 1);
        clock.advance(6);
        await ask(client);
        await checkExchanges(tenant, 2);
      }),
  },
];

/**
 * @param {Way} way
 * @returns {Case[]}
 */
function casesOf(way) {
  return [
    {
      name: "a call is repeated once after a 401, a stream too",
      run: (context) =>
        withClock(async (clock) => {
          const { tenant, client } = await setUp(way, context);
          await ask(client);
          for (const again of [ask, checkStream]) {
            await tenant.revokeTokens();
            clock.advance(way.newFor + 1);
            await again(client);
          }
          await checkApiCalls(tenant, { statuses: [200, 401, 200, 401, 200] });
          await checkExchanges(tenant, 3);
        }),
    },
    {
      name: "an API that refuses every token is asked twice",
      run: (context) =>
        withClock(async (clock) => {
          const { tenant, client, cache } = await setUp(way, context);
          await tenant.setFaults({ kind: "reply", status: 401, headers: SOON, on: "api", times: "forever" });
          await cache.getToken();
          clock.advance(way.newFor + 1);
          const error = await rejectionOf(ask(client), "the call");
          ok(error instanceof AuthenticationError, `it is ${error?.stack}`);
          await checkApiCalls(tenant, { statuses: [401, 401] });
          await checkExchanges(tenant, 2);
        }),
    },
    ...[0, 500].map((spreadMs) => ({
      name: `${CALLS} calls whose 401s arrive ${spreadMs === 0 ? "together" : `over ${spreadMs} ms`} cost one exchange`,
      run: (/** @type {Context} */ context) =>
        withClock(async (clock) => {
          const tenant = await newTenant(context);
          const cache = newCache(context, tenant);
          const api = apiThatRefuses(await cache.getToken(), { calls: CALLS, spreadMs, answer: messageAnswer });
          const client = way.clientOf(context, cache, { baseURL: tenant.baseURL, fetch: api.fetch });
          clock.advance(way.newFor + 1);
          await tenant.setFaults({ kind: "delay", ms: 100, times: "forever" });
          await Promise.all(Array.from({ length: CALLS }, () => ask(client)));
          equal(api.refused(), CALLS, "the number of refusals");
          await checkExchanges(tenant, 2);
        }),
    })),
    {
      name: "an exchange that is refused is shown as such, without a secret, and the next call succeeds",
      async run(context) {
        const tenant = await newTenant(context, { faults: [{ kind: "echo", as: "description", status: 400 }] });
        const jwt = await mint(context);
        const jwts = [jwt, await mint(context)];
        const cache = newCache(context, tenant, { identityTokenProvider: () => /** @type {string} */ (jwts.shift()) });
        const client = way.clientOf(context, cache, { baseURL: tenant.baseURL, maxRetries: 0 });
        const error = await rejectionOf(answered(client.messages.create(question)), "the call");
        // What a fetch rejects with, the client wraps.
        const refusal = error instanceof APIConnectionError ? error.cause : error;
        checkError(context, /** @type {any} */ (refusal), { code: "ERR_EXCHANGE_REFUSED", statusCode: 400 });
        checkNoSecretIn(context, error, jwt);
        await ask(client);
      },
    },
  ];
}
