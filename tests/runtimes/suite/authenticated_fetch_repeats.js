import { deepEqual, equal, ok, rejectionOf } from "./check.js";
import { withClock } from "./clock.js";
import { newTenant } from "./emulator.js";
import { newIdentity } from "./identity.js";
import { authenticated, authorizationOf, recordingFetch, status } from "./recording_fetch.js";
import { ScriptedProvider, settled } from "./scripted_provider.js";

/** @import { Case, Context } from "./context.js" */
/** @import { Sent } from "./recording_fetch.js" */

const baseURL = "https://api.example";
const url = `${baseURL}/v1/messages`;

const bytes = Uint8Array.from({ length: 300 }, (_, index) => index);

/** @type {Array<[title: string, request: () => [input: any, init?: any]]>} */
const repeatable = [
  ["no body", () => [url]],
  ["a body of null", () => [url, { method: "POST", body: null }]],
  ["a string", () => [url, { method: "POST", body: "Grüße, 世界 \u{1f30d}" }]],
  ["an empty string", () => [url, { method: "POST", body: "" }]],
  ["an ArrayBuffer", () => [url, { method: "POST", body: bytes.buffer.slice(0) }]],
  ["a Uint8Array that is a part of its buffer", () => [url, { method: "POST", body: bytes.subarray(7, 99) }]],
  ["a Float64Array", () => [url, { method: "POST", body: new Float64Array([1, -0, NaN, 1e300]) }]],
  ["a DataView", () => [url, { method: "POST", body: new DataView(bytes.buffer, 3, 50) }]],
  ["a Blob", () => [url, { method: "POST", body: new Blob([bytes, "text"], { type: "text/x" }) }]],
  ["a FormData", () => [url, { method: "POST", body: form() }]],
  ["URLSearchParams", () => [url, { method: "POST", body: new URLSearchParams({ a: "ä&=", b: "" }) }]],
  ["a Request without a body", () => [new Request(url)]],
  ["a Request with a string", () => [new Request(url, { method: "POST", body: "text" })]],
  ["a Request with bytes", () => [new Request(url, { method: "PUT", body: bytes })]],
  ["a Request with a FormData", () => [new Request(url, { method: "POST", body: form() })]],
  ["a Request with a stream", () => [new Request(url, /** @type {any} */ ({ method: "POST", body: stream(), duplex: "half" }))]],
  ["a Request with a large body", () => [new Request(url, { method: "POST", body: "x".repeat(1_000_000) })]],
  ["a Request whose body an init replaces", () => [new Request(url, { method: "POST", body: "a" }), { body: "b" }]],
  ["a Request that was read, whose body an init replaces", () => [readRequest(), { body: "b" }]],
  ["a Request with headers of an init", () => [new Request(url, { method: "POST", body: "a" }), { headers: { "x-a": "b" } }]],
];

/** @type {Case[]} */
export const authenticatedFetchRepeatCases = [
  ...repeatable.map(([title, request]) => ({
    name: `repeats after a 401, with a new token and the same bytes: ${title}`,
    async run(/** @type {Context} */ context) {
      const { send, sent, provider } = prepared(context, status(401), status(200));
      const [input, init] = request();
      const response = await send(input, init);
      deepEqual([response.status, await response.text()], [200, '{"status":200}'], "the response");
      deepEqual(sent.map(authorizationOf), ["Bearer t1", "Bearer t2"], "authorization");
      deepEqual(comparable(sent[1]), comparable(sent[0]), "the second request");
      const reference = new Request(.../** @type {[any, any]} */ (request()));
      equal(sent[0].request.method, reference.method, "method");
      const expected = new TextDecoder("latin1").decode(await reference.arrayBuffer());
      if (!/boundary/.test(comparable(sent[0]).type)) equal(sent[0].body, expected, "body");
      deepEqual(provider.forced, [false, true], "what the provider was told");
    },
  })),
  {
    name: "repeats once and no more: a second 401 is the caller's, and the next request begins with a new token",
    async run(context) {
      const { send, sent } = prepared(context, status(401), status(401), status(200));
      const response = await send(url);
      deepEqual([response.status, await response.text()], [401, '{"status":401}'], "the response");
      deepEqual(sent.map(authorizationOf), ["Bearer t1", "Bearer t2"], "authorization");
      equal((await send(url)).status, 200, "status");
    },
  },
  ...[200, 204, 301, 400, 403, 404, 407, 429, 500, 503].map((code) => ({
    name: `does not repeat after a ${code}, and keeps the token`,
    async run(/** @type {Context} */ context) {
      const { send, sent, provider } = prepared(context, () => new Response(null, { status: code }));
      for (let request = 0; request < 2; request += 1) equal((await send(url)).status, code, "status");
      deepEqual([sent.length, provider.calls], [2, 1], "the number of requests and of exchanges");
    },
  })),
  {
    name: "does not repeat a stream: the caller gets the 401, and the next request a new token",
    async run(context) {
      const { send, sent } = prepared(context, status(401), status(200));
      const response = await send(url, /** @type {any} */ ({ method: "POST", body: stream(), duplex: "half" }));
      deepEqual([response.status, await response.text()], [401, '{"status":401}'], "the response");
      equal((await send(url)).status, 200, "status");
      deepEqual(sent.map(authorizationOf), ["Bearer t1", "Bearer t2"], "authorization");
    },
  },
  {
    name: "does not repeat what can be iterated once: the caller gets the 401",
    async run({ pkg }) {
      let sent = 0;
      const fetch = async () => ((sent += 1), status(401)());
      const cache = new pkg.TokenCache(new ScriptedProvider().call);
      const send = pkg.authenticatedFetch(cache, { baseURL, fetch });
      const body = /** @type {any} */ (pieces());
      equal((await send(url, /** @type {any} */ ({ method: "POST", body, duplex: "half" }))).status, 401, "status");
      equal(sent, 1, "the number of requests");
    },
  },
  {
    name: "a body that was read is no body for fetch either: the host's error, and no repeat",
    async run(context) {
      const request = new Request(url, { method: "POST", body: "text" });
      await request.text();
      const { send, sent } = prepared(context, status(401));
      ok((await rejectionOf(send(request), "the request")) instanceof TypeError, "it is no TypeError");
      equal(sent.length, 0, "the number of requests");
    },
  },
  {
    name: "when there is no new token the caller gets the 401, readable, and the next request asks again",
    async run(context) {
      const refuse = () => {
        provider.failure = new Error("no network");
        return status(401)();
      };
      const { send, sent, provider } = prepared(context, refuse, status(200));
      const response = await send(url, { method: "POST", body: "text" });
      deepEqual([response.status, response.headers.get("x-status")], [401, "401"], "the response");
      equal(await response.text(), '{"status":401}', "the body");
      equal(provider.calls, 2, "calls of the provider");
      provider.failure = undefined;
      equal((await send(url)).status, 200, "status");
      deepEqual(sent.map(authorizationOf), ["Bearer t1", "Bearer t3"], "authorization");
    },
  },
  {
    name: "onRefreshError is told why there is no new token, since the caller only sees the 401",
    async run({ pkg }) {
      const provider = new ScriptedProvider();
      /** @type {unknown[]} */
      const reported = [];
      const cache = new pkg.TokenCache(provider.call, { onRefreshError: (error) => reported.push(error) });
      await cache.call();
      provider.failure = new Error("no network");
      const { fetch } = recordingFetch(status(401));
      equal((await pkg.authenticatedFetch(cache, { baseURL, fetch })(url)).status, 401, "status");
      deepEqual([reported.length, reported[0] === provider.failure], [1, true], "the reports");
    },
  },
  {
    name: "the same token again: the caller gets the 401, readable",
    async run({ pkg }) {
      let calls = 0;
      const cache = new pkg.TokenCache(async () => ((calls += 1), { token: "static", expiresAt: null }));
      const { fetch, sent } = recordingFetch(status(401));
      const response = await pkg.authenticatedFetch(cache, { baseURL, fetch })(url);
      deepEqual([response.status, await response.text()], [401, '{"status":401}'], "the response");
      deepEqual([sent.length, calls], [1, 2], "the number of requests and of exchanges");
    },
  },
  {
    name: "a late 401 for an older token: repeats with the newer one, and exchanges nothing",
    run: (context) =>
      withClock(async (clock) => {
        /** @type {(response: Response) => void} */
        let answer = () => {};
        const late = new Promise((resolve) => void (answer = resolve));
        const { send, sent, provider, cache } = prepared(context, /** @type {any} */ (() => late), status(200));
        const request = send(url);
        while (sent.length === 0) await settled();
        cache.invalidate("t1");
        equal(await cache.getToken(), "t2", "token");
        clock.advance(60);
        answer(status(401)());
        equal((await request).status, 200, "status");
        deepEqual(sent.map(authorizationOf), ["Bearer t1", "Bearer t2"], "authorization");
        equal(provider.calls, 2, "calls of the provider");
      }),
  },
  {
    name: "the response that is not handed out is given back to the host",
    async run(context) {
      let cancelled = 0;
      const refuse = () => new Response(new ReadableStream({ cancel: () => void (cancelled += 1) }), { status: 401 });
      const { send } = prepared(context, refuse, status(200));
      equal((await send(url)).status, 200, "status");
      equal(cancelled, 1, "how often its body was cancelled");
    },
  },
  {
    name: "over the network: a revoked token, and the same request again",
    async run(context) {
      const tenant = await newTenant(context);
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      await cache.call();
      await tenant.revokeTokens();
      const send = context.pkg.authenticatedFetch(cache);
      const message = { model: "claude-sonnet-5", max_tokens: 9, messages: [{ role: "user", content: "Grüße" }] };
      const headers = { "anthropic-version": "2023-06-01", "content-type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify(message) };
      for (const input of [`${tenant.baseURL}/v1/messages`, new Request(`${tenant.baseURL}/v1/messages`, init)]) {
        const response = await (input instanceof Request ? send(input) : send(input, init));
        deepEqual([response.status, (await response.json()).type], [200, "message"], "the response");
        await tenant.revokeTokens();
      }
      const api = (await tenant.log()).filter(({ kind }) => kind === "api");
      const outcomes = api.map(({ outcome }) => outcome).join();
      equal(outcomes, "token_unknown,granted,token_unknown,granted", "the outcomes");
      for (const { body } of api) deepEqual(body, message, "the body");
    },
  },
];

/**
 * What must be the same of two requests. The boundary of a form may be another each time.
 *
 * @param {Sent} sent
 */
function comparable({ request, body }) {
  const type = request.headers.get("content-type") ?? "";
  const [, boundary = ""] = /boundary="?([^";]+)/.exec(type) ?? [];
  const neutral = (/** @type {string} */ text) => (boundary ? text.replaceAll(boundary, "boundary") : text);
  return { url: request.url, method: request.method, type: neutral(type), body: neutral(body) };
}

function form() {
  const form = new FormData();
  form.append("text", "Grüße");
  form.append("file", new Blob([bytes], { type: "image/x" }), "a.x");
  return form;
}

function readRequest() {
  const request = new Request(url, { method: "POST", body: "a" });
  void request.text();
  return request;
}

function stream() {
  return new Blob(["a stream of ", bytes]).stream();
}

async function* pieces() {
  yield new TextEncoder().encode("pieces");
}

/**
 * @param {Context} context
 * @param {Parameters<typeof recordingFetch>} answers
 */
function prepared(context, ...answers) {
  return authenticated(context, baseURL, ...answers);
}
