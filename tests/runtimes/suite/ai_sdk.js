import { createAnthropic } from "@ai-sdk/anthropic";
import { APICallError, generateText, streamText } from "ai";
import { deepEqual, equal, match, ok, rejectionOf } from "./check.js";
import { withClock } from "./clock.js";
import { GREETING, MODEL, OAUTH_BETA, answered, apiCalls, apiThatRefuses, checkApiCalls } from "./drop_in.js";
import { checkExchanges, messageAnswer, newCache, until } from "./drop_in.js";
import { mint, newTenant } from "./emulator.js";
import { checkError } from "./identity.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { TokenCache } from "../../../pkg-template/index.d.ts" */
/** @import { Case, Context } from "./context.js" */
/** @import { Tenant } from "./emulator.js" */

/** @typedef {import("@ai-sdk/anthropic").AnthropicProviderSettings} Settings */
/** @typedef {Pick<Parameters<typeof generateText>[0], "model" | "abortSignal" | "maxRetries">} CallOptions */

const CALLS = 1000;

/** @type {Case[]} */
export const aiSdkCases = [
  {
    name: "generateText",
    async run(context) {
      const { tenant, model } = await setUp(context);
      await generated({ model });
      await generated({ model });
      await checkApiCalls(tenant, { statuses: [200, 200] });
      await checkExchanges(tenant, 1);
    },
  },
  {
    name: "streamText",
    async run(context) {
      const { tenant, model } = await setUp(context);
      await streamed({ model });
      await checkApiCalls(tenant, { statuses: [200] });
      await checkExchanges(tenant, 1);
    },
  },
  {
    name: "authToken in place of apiKey, and flags of the caller's own",
    async run(context) {
      const betas = ["context-1m-2025-08-07"];
      const headers = { "anthropic-beta": `${betas},${OAUTH_BETA}` };
      const { tenant, model } = await setUp(context, {}, { apiKey: undefined, authToken: "unused", headers });
      await generated({ model });
      await streamed({ model });
      await checkApiCalls(tenant, { statuses: [200, 200], betas });
    },
  },
  {
    name: "the cache as the function behind authToken",
    async run(context) {
      const tenant = await newTenant(context);
      const cache = newCache(context, tenant);
      const headers = { "anthropic-beta": OAUTH_BETA };
      const anthropic = createAnthropic({ baseURL: `${tenant.baseURL}/v1`, authToken: () => cache.getToken(), headers });
      await generated({ model: anthropic(MODEL) });
      await streamed({ model: anthropic(MODEL) });
      await checkApiCalls(tenant, { statuses: [200, 200] });
      await checkExchanges(tenant, 1);
    },
  },
  {
    name: "50 first calls at once, of which half are streams",
    async run(context) {
      const { tenant, model } = await setUp(context, { faults: [{ kind: "delay", ms: 100 }] });
      await Promise.all(Array.from({ length: 50 }, (_, index) => (index % 2 ? generated : streamed)({ model })));
      await checkExchanges(tenant, 1);
    },
  },
  {
    name: "a token is replaced before it expires",
    run: (context) =>
      withClock(async (clock) => {
        const { tenant, model } = await setUp(context);
        await generated({ model });
        clock.advance(585);
        await streamed({ model });
        await checkExchanges(tenant, 2);
        const [first, second] = (await apiCalls(tenant)).map(({ headers }) => headers.authorization);
        ok(first !== second, "the token is not replaced");
      }),
  },
  {
    name: "a call is repeated once after a 401, a stream too",
    async run(context) {
      const { tenant, model } = await setUp(context);
      await generated({ model });
      for (const again of [generated, streamed]) {
        await tenant.revokeTokens();
        await again({ model });
      }
      await checkApiCalls(tenant, { statuses: [200, 401, 200, 401, 200] });
      await checkExchanges(tenant, 3);
    },
  },
  {
    name: "an API that refuses every token is asked twice",
    async run(context) {
      const { tenant, model } = await setUp(context, { faults: [{ kind: "reply", status: 401, on: "api", times: 9 }] });
      const error = await rejectionOf(generated({ model }), "the call");
      ok(APICallError.isInstance(error), `it is ${error?.stack}`);
      equal(error.statusCode, 401, "status");
      await checkApiCalls(tenant, { statuses: [401, 401] });
      await checkExchanges(tenant, 2);
    },
  },
  {
    name: `${CALLS} calls whose 401s arrive over 500 ms cost one exchange`,
    async run(context) {
      const tenant = await newTenant(context);
      const cache = newCache(context, tenant);
      const api = apiThatRefuses(await cache.getToken(), { calls: CALLS, spreadMs: 500, answer: messageAnswer });
      const model = modelOf(context, cache, tenant, { fetch: context.pkg.authenticatedFetch(cache, { fetch: api.fetch }) });
      await tenant.setFaults({ kind: "delay", ms: 100, times: "forever" });
      await Promise.all(Array.from({ length: CALLS }, () => generated({ model })));
      equal(api.refused(), CALLS, "the number of refusals");
      await checkExchanges(tenant, 2);
    },
  },
  {
    name: "an exchange that is refused is shown as such, without a secret, and the next call succeeds",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "echo", as: "description", status: 400 }] });
      const jwts = [await mint(context), await mint(context)];
      const [jwt] = jwts;
      const cache = newCache(context, tenant, { identityTokenProvider: () => /** @type {string} */ (jwts.shift()) });
      const model = modelOf(context, cache, tenant);
      const error = await rejectionOf(generated({ model }), "the call");
      checkError(context, error, { code: "ERR_EXCHANGE_REFUSED", statusCode: 400 });
      checkNoSecretIn(context, error, jwt);
      await generated({ model });
    },
  },
  {
    name: "a call that is aborted during the exchange fails with the caller's reason",
    async run(context) {
      const { tenant, model } = await setUp(context, { faults: [{ kind: "delay", ms: 200 }] });
      const caller = new AbortController();
      const call = rejectionOf(generated({ model, abortSignal: caller.signal }), "the call");
      await until(async () => (await tenant.log()).length === 1);
      caller.abort();
      equal(await call, caller.signal.reason, "what it fails with");
    },
  },
  {
    name: "a stream that is aborted during the exchange ends as an aborted one, and others get the token",
    async run(context) {
      const { tenant, model } = await setUp(context, { faults: [{ kind: "delay", ms: 200 }] });
      const caller = new AbortController();
      const other = generated({ model });
      const parts = partsOf({ model, abortSignal: caller.signal });
      await until(async () => (await tenant.log()).length === 1);
      caller.abort();
      deepEqual((await parts).map(({ type }) => type), ["start", "abort"], "the parts of the stream");
      await other;
      await checkExchanges(tenant, 1);
      await checkApiCalls(tenant, { statuses: [200] });
    },
  },
];

/**
 * @param {Context} context
 * @param {Parameters<typeof newTenant>[1]} [options]
 * @param {Settings} [settings]
 */
async function setUp(context, options, settings) {
  const tenant = await newTenant(context, options);
  return { tenant, model: modelOf(context, newCache(context, tenant), tenant, settings) };
}

/**
 * @param {Context} context
 * @param {TokenCache} cache
 * @param {Tenant} tenant
 * @param {Settings} [settings]
 */
function modelOf({ pkg }, cache, tenant, settings) {
  const fetch = pkg.authenticatedFetch(cache);
  return createAnthropic({ baseURL: `${tenant.baseURL}/v1`, apiKey: "unused", fetch, ...settings })(MODEL);
}

/** @param {CallOptions} options */
async function generated(options) {
  const { text } = await answered(generateText({ ...options, prompt: "Who am I?" }));
  match(text, GREETING, "the answer");
}

/** @param {CallOptions} options */
async function streamed(options) {
  const pieces = (await partsOf(options)).flatMap((part) => (part.type === "text-delta" ? part.text : []));
  ok(pieces.length > 1, "it did not come in pieces");
  match(pieces.join(""), GREETING, "the streamed answer");
}

/** @param {CallOptions} options */
function partsOf(options) {
  const { fullStream } = streamText({ ...options, prompt: "Who am I?", onError() {} });
  return answered(
    (async () => {
      const parts = [];
      for await (const part of fullStream) parts.push(part);
      return parts;
    })(),
  );
}
