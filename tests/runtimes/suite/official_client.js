import Anthropic, { APIConnectionTimeoutError, APIUserAbortError } from "@anthropic-ai/sdk";
import { deepEqual, equal, match, ok, rejectionOf } from "./check.js";
import { GREETING, MODEL, answered, apiCalls, checkApiCalls, checkExchanges, newCache, until } from "./drop_in.js";
import { withClock } from "./clock.js";
import { newTenant } from "./emulator.js";
import { newIdentity } from "./identity.js";

/** @import { ClientOptions } from "@anthropic-ai/sdk" */
/** @import { TokenCache } from "../../../pkg-template/index.d.ts" */
/** @import { Case, Context } from "./context.js" */

/**
 * How the official client is given a cache.
 *
 * @typedef {object} Way
 * @property {string} title
 * @property {(context: Context, cache: TokenCache, options: ClientOptions) => Anthropic} clientOf
 * @property {number} newFor the seconds for which a token counts as new, whatever the API says of it
 */

/** @type {Way[]} */
export const ways = [
  {
    title: "credentials: cache.call",
    clientOf: (_, cache, options) => new Anthropic({ credentials: cache.call, ...options }),
    newFor: 5,
  },
  {
    title: "authenticatedFetch",
    clientOf: ({ pkg }, cache, { fetch, ...options }) => {
      const send = /** @type {typeof globalThis.fetch | undefined} */ (fetch);
      return new Anthropic({ authToken: "unused", fetch: pkg.authenticatedFetch(cache, { fetch: send }), ...options });
    },
    newFor: 0,
  },
];

export const question = {
  model: MODEL,
  max_tokens: 64,
  messages: [{ role: /** @type {const} */ ("user"), content: "Who am I?" }],
};

/**
 * @param {Anthropic} client
 * @param {Anthropic.RequestOptions} [options]
 */
export async function ask(client, options) {
  const { content } = await answered(client.messages.create(question, options));
  match(content[0].type === "text" && content[0].text, GREETING, "the answer");
}

/**
 * A tenant, a cache, and a client that was given it.
 *
 * @param {Way} way
 * @param {Context} context
 * @param {Parameters<typeof newTenant>[1]} [options]
 */
export async function setUp({ clientOf }, context, options) {
  const tenant = await newTenant(context, options);
  const cache = newCache(context, tenant);
  return { tenant, cache, client: clientOf(context, cache, { baseURL: tenant.baseURL }) };
}

/** @type {Case[]} */
export const officialClientCases = [
  ...ways.flatMap((way) => casesOf(way).map((each) => ({ ...each, name: `${each.name} (${way.title})` }))),
  {
    name: "authenticatedFetch leaves one flag and one credential, whatever else the client is made to send",
    async run(context) {
      const { tenant, cache } = await setUp(ways[0], context);
      const fetch = context.pkg.authenticatedFetch(cache);
      const { baseURL } = tenant;
      const defaultHeaders = { "x-api-key": "sk-ant-api03-unused", "anthropic-beta": "oauth-2025-04-20" };
      await ask(new Anthropic({ baseURL, fetch, authToken: "unused", defaultHeaders }));
      await ask(new Anthropic({ baseURL, fetch, credentials: cache.call }));
      await ask(new Anthropic({ baseURL, fetch, apiKey: "sk-ant-api03-unused" }));
      await checkApiCalls(tenant, { statuses: [200, 200, 200] });
      await checkExchanges(tenant, 1);
    },
  },
  {
    name: "a time limit of the client's that ends during the exchange is the client's error",
    async run(context) {
      const { tenant, client } = await setUp(ways[1], context, { faults: [{ kind: "delay", ms: 300 }] });
      const error = await rejectionOf(ask(client, { timeout: 100, maxRetries: 0 }), "the call");
      ok(error instanceof APIConnectionTimeoutError, `it is ${error?.stack}`);
      await ask(client);
      await checkExchanges(tenant, 1);
    },
  },
  {
    name: "works without a cache: credentials: identity.call",
    run: (context) =>
      withClock(async (clock) => {
        const tenant = await newTenant(context);
        const client = new Anthropic({ baseURL: tenant.baseURL, credentials: newIdentity(context, tenant).call });
        await ask(client);
        await ask(client);
        await checkExchanges(tenant, 1);
        clock.advance(580);
        await ask(client);
        await checkExchanges(tenant, 2);
        await tenant.revokeTokens();
        await ask(client);
        await checkExchanges(tenant, 3);
        await checkApiCalls(tenant, { statuses: [200, 200, 200, 401, 200] });
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
      name: "messages.create",
      async run(context) {
        const { tenant, client } = await setUp(way, context);
        await ask(client);
        await ask(client);
        await checkApiCalls(tenant, { statuses: [200, 200] });
        await checkExchanges(tenant, 1);
      },
    },
    {
      name: "messages.stream",
      async run(context) {
        const { tenant, client } = await setUp(way, context);
        const stream = client.messages.stream(question);
        match(await answered(stream.finalText()), GREETING, "the answer");
        await checkStream(client);
        await checkApiCalls(tenant, { statuses: [200, 200] });
        await checkExchanges(tenant, 1);
      },
    },
    {
      name: "keeps the flags that the caller asks for",
      async run(context) {
        const { tenant, client } = await setUp(way, context);
        const betas = ["context-1m-2025-08-07", "files-api-2025-04-14"];
        await answered(client.beta.messages.create({ ...question, betas }));
        await checkApiCalls(tenant, { statuses: [200], betas });
      },
    },
    {
      name: "50 first calls at once",
      async run(context) {
        const { tenant, client } = await setUp(way, context, { faults: [{ kind: "delay", ms: 100 }] });
        await Promise.all(Array.from({ length: 50 }, () => ask(client)));
        await checkExchanges(tenant, 1);
      },
    },
    {
      name: "a token is replaced behind the callers' backs before it expires, and a call waits when that failed",
      run: (context) =>
        withClock(async (clock) => {
          const { tenant, client } = await setUp(way, context);
          await ask(client);
          clock.advance(540);
          await ask(client);
          await until(async () => (await tenant.log()).filter(({ expiresIn }) => expiresIn).length === 2);
          await ask(client);
          await ask(client); // a cache of the client's own is one call behind
          const tokens = (await apiCalls(tenant)).map(({ headers }) => headers.authorization);
          equal(tokens[1], tokens[0], "the token of the call in whose background it is replaced");
          ok(tokens[3] !== tokens[0], "the token is not replaced");
          await tenant.setFaults({ kind: "html" });
          clock.advance(540);
          await ask(client);
          await until(async () => (await tenant.log()).some(({ outcome }) => outcome === "fault:html"));
          clock.advance(45);
          await ask(client);
          await checkExchanges(tenant, 4);
          await checkApiCalls(tenant, { statuses: [200, 200, 200, 200, 200, 200] });
        }),
    },
    {
      name: "a token of 60 s, the shortest there is, lasts for most of them",
      run: (context) =>
        withClock(async (clock) => {
          const { tenant, client } = await setUp(way, context, { rule: { lifetime: 60 } });
          for (const seconds of [0, 15, 15, 15]) {
            clock.advance(seconds);
            await ask(client);
          }
          await checkExchanges(tenant, 1);
          clock.advance(13);
          await ask(client);
          await checkExchanges(tenant, 2);
        }),
    },
    {
      name: "a caller that aborts during the exchange gets the client's own error, and others the token",
      async run(context) {
        const { tenant, client } = await setUp(way, context, { faults: [{ kind: "delay", ms: 200 }] });
        const caller = new AbortController();
        const call = ask(client, { signal: caller.signal });
        const other = ask(client);
        await until(async () => (await tenant.log()).length === 1);
        caller.abort();
        const error = await rejectionOf(call, "the call");
        ok(error instanceof APIUserAbortError, `it is ${error?.stack}`);
        await other;
        await ask(client);
        await checkExchanges(tenant, 1);
        await checkApiCalls(tenant, { statuses: [200, 200] });
      },
    },
  ];
}

/** @param {Anthropic} client */
export async function checkStream(client) {
  const types = [];
  let text = "";
  for await (const event of await answered(client.messages.create({ ...question, stream: true }))) {
    types.push(event.type);
    if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
  }
  match(text, GREETING, "the streamed answer");
  const deltas = types.filter((type) => type === "content_block_delta");
  ok(deltas.length > 1, "it did not come in pieces");
  const expected = ["message_start", "content_block_start", ...deltas, "content_block_stop", "message_delta", "message_stop"];
  deepEqual(types, expected, "the events");
}
