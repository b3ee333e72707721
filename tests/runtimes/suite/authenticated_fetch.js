import { deepEqual, equal, match, ok, rejectionOf, shown, thrownBy } from "./check.js";
import { newTenant, realFetch } from "./emulator.js";
import { checkError, newIdentity } from "./identity.js";
import { authenticated, authorizationOf, recordingFetch, status } from "./recording_fetch.js";
import { ScriptedProvider } from "./scripted_provider.js";

/** @import { Case, Context } from "./context.js" */

const baseURL = "https://api.example";
const url = `${baseURL}/v1/messages`;

/** @type {Array<[title: string, headers: HeadersInit]>} */
const credentials = [
  ["an object", { authorization: "Bearer other", "x-api-key": "sk-ant-api03-other", "anthropic-workspace-id": "wrkspc_01a" }],
  ["capitals", { Authorization: "Bearer other", "X-Api-Key": "sk-ant-api03-other", "Anthropic-Workspace-Id": "wrkspc_01a" }],
  ["pairs", [["authorization", "Basic b3RoZXI="], ["x-api-key", "a"], ["anthropic-workspace-id", "wrkspc_01a"]]],
  ["Headers", new Headers({ authorization: "Bearer other", "x-api-key": "a", "anthropic-workspace-id": "wrkspc_01a" })],
];

/** @type {Case[]} */
export const authenticatedFetchCases = [
  ...credentials.flatMap(([title, headers]) =>
    ["init", "Request"].map((where) => ({
      name: `puts the token in place of other credentials, given as ${title} in a${where === "init" ? "n init" : " Request"}`,
      async run(/** @type {Context} */ context) {
        const { send, sent } = prepared(context);
        await (where === "init" ? send(url, { headers }) : send(new Request(url, { headers })));
        const received = sent[0].request.headers;
        equal(received.get("authorization"), "Bearer t1", "authorization");
        equal(received.get("anthropic-beta"), "oauth-2025-04-20", "anthropic-beta");
        for (const name of ["x-api-key", "anthropic-workspace-id"]) equal(received.get(name), null, name);
      },
    })),
  ),
  ...[
    ["foo-2025-01-01", "foo-2025-01-01,oauth-2025-04-20"],
    ["oauth-2025-04-20", "oauth-2025-04-20"],
    ["oauth-2025-04-20, x", "oauth-2025-04-20,x"],
    ["x,y , x", "x,y,oauth-2025-04-20"],
    ["oauth-2025-04-200", "oauth-2025-04-200,oauth-2025-04-20"],
    ["oidc-federation-2026-04-01,x", "x,oauth-2025-04-20"],
    ["", "oauth-2025-04-20"],
  ].map(([given, expected]) => ({
    name: `anthropic-beta: "${given}" becomes "${expected}"`,
    async run(/** @type {Context} */ context) {
      const { send, sent } = prepared(context);
      await send(url, { headers: { "anthropic-beta": given } });
      equal(sent[0].request.headers.get("anthropic-beta"), expected, "anthropic-beta");
    },
  })),
  {
    name: "sends every other header, and does not change what the caller gave",
    async run(context) {
      const { send, sent } = prepared(context, status(401), status(200));
      const headers = new Headers({ "anthropic-version": "2023-06-01", "anthropic-beta": "x", authorization: "Bearer other" });
      const init = Object.freeze({ method: "POST", headers, body: "{}" });
      const before = [...headers];
      await send(url, init);
      deepEqual([...headers], before, "the caller's headers");
      equal(init.headers, headers, "the caller's init");
      equal(sent.length, 2, "the number of requests");
      for (const { request } of sent) equal(request.headers.get("anthropic-version"), "2023-06-01", "anthropic-version");
    },
  },
  {
    name: "does not change a Request either",
    async run(context) {
      const { send, sent } = prepared(context);
      const request = new Request(url, { method: "PUT", headers: { "x-a": "b", "content-type": "text/x" }, body: "body" });
      await send(request);
      equal(request.headers.get("authorization"), null, "authorization of the caller's request");
      const [{ request: received, body }] = sent;
      deepEqual([received.method, received.headers.get("x-a"), body], ["PUT", "b", "body"], "what was sent");
      equal(received.headers.get("content-type"), "text/x", "content-type");
    },
  },
  {
    name: "an init goes before the Request that it comes with, as in fetch",
    async run(context) {
      const { send, sent } = prepared(context);
      const request = new Request(url, { method: "POST", headers: { "x-a": "request", "x-b": "request" }, body: "request" });
      await send(request, { method: "PUT", headers: { "x-a": "init" }, body: "init" });
      const [{ request: received, body }] = sent;
      deepEqual([received.method, body, received.headers.get("x-a")], ["PUT", "init", "init"], "what was sent");
      equal(received.headers.get("x-b"), null, "a header of the request");
    },
  },
  {
    name: "an init may be a Request, as in fetch",
    async run(context) {
      const { send, sent } = prepared(context);
      await send(url, new Request("https://other.example/", { method: "POST", headers: { "x-a": "b" }, body: "body" }));
      const [{ request: received, body }] = sent;
      deepEqual([received.method, body, received.headers.get("x-a")], ["POST", "body", "b"], "what was sent");
      equal(authorizationOf(sent[0]), "Bearer t1", "authorization");
    },
  },
  {
    name: "keeps every member of an init, known or not",
    async run(context) {
      const { send, sent } = prepared(context);
      const { signal } = new AbortController();
      const init = { method: "POST", body: "{}", redirect: "manual", signal, duplex: "half", dispatcher: { a: 1 }, cf: { b: 2 } };
      await send(url, /** @type {any} */ (init));
      const { headers: _, ...others } = sent[0].init;
      equal(Object.keys(others).sort().join(), Object.keys(init).sort().join(), "the names of the members");
      for (const [name, value] of Object.entries(init)) equal(others[name], value, name);
    },
  },
  ...Object.entries({ string: url, URL: new URL(url), Request: new Request(url) }).map(([title, input]) => ({
    name: `takes a ${title}, with or without an init`,
    async run(/** @type {Context} */ context) {
      const { send, sent } = prepared(context);
      for (const init of /** @type {any[]} */ ([undefined, {}, null])) await send(input, init);
      for (const entry of sent) deepEqual([entry.request.url, authorizationOf(entry)], [url, "Bearer t1"], "what was sent");
      equal(sent.length, 3, "the number of requests");
    },
  })),
  {
    name: "hands out the response as it is, unread",
    async run(context) {
      const response = new Response(new ReadableStream(), { status: 201 });
      const { send } = prepared(context, () => response);
      const received = await send(url);
      equal(received, response, "the response");
      ok(!received.bodyUsed && !received.body?.locked, "its body was touched");
    },
  },
  {
    name: "a stream of events arrives piece by piece, from the real API",
    async run(context) {
      const tenant = await newTenant(context, { faults: [{ kind: "drip", ms: 1, bytes: 200, on: "api" }] });
      const send = context.pkg.authenticatedFetch(new context.pkg.TokenCache(newIdentity(context, tenant)));
      const message = { model: "claude-sonnet-5", max_tokens: 9, stream: true, messages: [{ role: "user", content: "Hello" }] };
      const headers = { "anthropic-version": "2023-06-01", "content-type": "application/json" };
      const response = await send(`${tenant.baseURL}/v1/messages`, { method: "POST", headers, body: JSON.stringify(message) });
      match(response.headers.get("content-type"), /^text\/event-stream/, "content-type");
      match(await response.text(), /^event: message_start\n[^]*event: message_stop\n/, "the body");
    },
  },
  {
    name: "uses the global fetch that is there at the time of the call",
    async run(context) {
      const { fetch, sent } = recordingFetch();
      const send = context.pkg.authenticatedFetch(new context.pkg.TokenCache(new ScriptedProvider().call), { baseURL });
      globalThis.fetch = fetch;
      try {
        equal((await send(url)).status, 200, "status");
      } finally {
        globalThis.fetch = realFetch;
      }
      equal(authorizationOf(sent[0]), "Bearer t1", "authorization");
    },
  },
  {
    name: "an error of fetch passes through, and of the exchange too",
    async run(context) {
      const thrown = new TypeError("no network");
      const { send, provider } = prepared(context, () => {
        throw thrown;
      });
      equal(await rejectionOf(send(url), "the request"), thrown, "what was thrown");
      equal(provider.calls, 1, "calls of the provider");
      const refused = new Error("no token");
      const failing = prepared(context);
      failing.provider.failure = refused;
      equal(await rejectionOf(failing.send(url), "the request"), refused, "what was thrown");
      equal(failing.sent.length, 0, "the number of requests");
    },
  },
  {
    name: "a URL that is none rejects, before any exchange",
    async run(context) {
      const { send, sent, provider } = prepared(context);
      for (const input of ["v1/messages", "https://[", ""]) {
        const error = await rejectionOf(send(input), "the request");
        ok(error instanceof TypeError, `it is no TypeError: ${error}`);
      }
      equal(sent.length + provider.calls, 0, "the number of requests and exchanges");
    },
  },
  ...[undefined, null, {}, "t1", () => {}].flatMap((cache) =>
    [{}, { baseURL }].map((options) => ({
      name: `refuses ${shown(cache)} for a cache, with ${JSON.stringify(options)}`,
      run(/** @type {Context} */ context) {
        const create = () => context.pkg.authenticatedFetch(/** @type {any} */ (cache), options);
        match(refused(context, create, "ERR_INVALID_OPTIONS").message, /cache/, "message");
      },
    })),
  ),
  ...["api.anthropic.com", "/v1", 5, {}, true].map((given) => ({
    name: `refuses baseURL: ${JSON.stringify(given)}`,
    run: (/** @type {Context} */ context) => checkOption(context, { baseURL: given }, "ERR_INVALID_OPTIONS", /baseURL/),
  })),
  ...["http://api.anthropic.com", "https://user@api.anthropic.com", "https://api.anthropic.com/?a=b", "ftp://a.example"].map(
    (given) => ({
      name: `refuses baseURL: ${given}`,
      run: (/** @type {Context} */ context) => checkOption(context, { baseURL: given }, "ERR_INSECURE_BASE_URL", /baseURL/),
    }),
  ),
  ...["fetch", 5, {}, true].map((given) => ({
    name: `refuses fetch: ${JSON.stringify(given)}`,
    run: (/** @type {Context} */ context) => checkOption(context, { baseURL, fetch: given }, "ERR_INVALID_OPTIONS", /fetch/),
  })),
  {
    name: "null is as good as absent for an option, and so is an empty baseURL",
    async run(context) {
      const cache = new context.pkg.TokenCache(newIdentity(context, { baseURL }));
      for (const options of /** @type {any[]} */ ([undefined, {}, { baseURL: null, fetch: null }, { baseURL: "" }])) {
        equal(typeof context.pkg.authenticatedFetch(cache, options), "function", "what it returns");
      }
    },
  },
  ...[null, 5, "fetch", true].map((options) => ({
    name: `takes ${JSON.stringify(options)} for no options, or refuses it`,
    run(/** @type {Context} */ context) {
      const cache = new context.pkg.TokenCache(newIdentity(context, { baseURL }));
      try {
        equal(typeof context.pkg.authenticatedFetch(cache, /** @type {any} */ (options)), "function", "what it returns");
      } catch (error) {
        checkError(context, /** @type {any} */ (error), { code: "ERR_INVALID_OPTIONS" });
      }
    },
  })),
];

/**
 * @param {Context} context
 * @param {Parameters<typeof recordingFetch>} answers
 */
function prepared(context, ...answers) {
  return authenticated(context, baseURL, ...answers);
}

/**
 * @param {Context} context
 * @param {any} options
 * @param {"ERR_INVALID_OPTIONS" | "ERR_INSECURE_BASE_URL"} code
 * @param {RegExp} message
 */
function checkOption(context, options, code, message) {
  const cache = new context.pkg.TokenCache(new ScriptedProvider().call);
  match(refused(context, () => context.pkg.authenticatedFetch(cache, options), code).message, message, "message");
}

/**
 * @param {Context} context
 * @param {() => unknown} action
 * @param {"ERR_INVALID_OPTIONS" | "ERR_INSECURE_BASE_URL"} code
 */
function refused(context, action, code) {
  const error = thrownBy(action, "authenticatedFetch");
  checkError(context, error, { code, statusCode: null, body: null, retryable: false });
  return error;
}
