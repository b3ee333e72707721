import { equal, ok } from "./check.js";
import { mint, newTenant } from "./emulator.js";
import { failure, newIdentity } from "./identity.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { EchoPlace } from "../../endpoint/fault_queue.js" */
/** @import { Case, Context } from "./context.js" */

/** @type {EchoPlace[]} */
const echoes = ["text", "message", "description", "nested", "header", "html", "chunks"];

const apiKey = "sk-ant-api03-Zm9vYmFyYmF6cXV4-AA";

/** @type {Array<[title: string, thrown: (secret: string, init: RequestInit) => unknown]>} */
const errorsWithSecret = [
  ["its message", (secret) => new Error(`cannot send ${secret}`)],
  ["a piece in its message", (secret) => new Error(`cannot send …${secret.slice(40, 60)}…`)],
  ["its name", (secret) => Object.assign(new Error("failed"), { name: secret })],
  ["its stack only", (secret) => messageReplaced(new Error(secret))],
  ["a property", (secret) => Object.assign(new Error("failed"), { token: secret })],
  ["the name of a property", (secret) => Object.assign(new Error("failed"), { [secret]: true })],
  ["a property that is hidden", (secret) => Object.defineProperty(new Error("failed"), "token", { value: secret })],
  ["a property named by a symbol", (secret) => Object.assign(new Error("failed"), { [Symbol("request")]: [secret] })],
  ["a symbol that looks like another", (secret) => Object.assign(new Error("x"), { [Symbol("a")]: secret, [Symbol("a")]: 1 })],
  ["a nested property", (secret, init) => Object.assign(new Error("failed"), { config: { retries: [{ init, secret }] } })],
  ["its cause", (secret) => new Error("failed", { cause: new Error("inner", { cause: new Error(secret) }) })],
  ["one of several errors", (secret) => new AggregateError([new Error("first"), new Error(secret)], "failed")],
  ["a Map", (secret) => Object.assign(new Error("failed"), { fields: new Map([["assertion", { value: secret }]]) })],
  ["the key of a Map", (secret) => Object.assign(new Error("failed"), { fields: new Map([[secret, 1]]) })],
  ["a Set", (secret) => Object.assign(new Error("failed"), { fields: new Set([secret]) })],
  ["Headers", (secret) => Object.assign(new Error("failed"), { headers: new Headers({ "x-assertion": secret }) })],
  ["URLSearchParams", (secret) => Object.assign(new Error("failed"), { form: new URLSearchParams({ assertion: secret }) })],
  ["a URL", (secret) => Object.assign(new Error("failed"), { url: new URL(`https://api.example/?assertion=${secret}`) })],
  ["a Request", (_, init) => Object.assign(new Error("failed"), { request: new Request("https://api.example/", init) })],
  ["a circle", (secret) => circular(secret)],
  ["a plain object", (secret) => ({ status: 0, body: secret })],
  ["an object without a prototype", (secret) => Object.assign(Object.create(null), { body: secret })],
  ["a string", (secret) => `cannot send ${secret}`],
  ["an array", (secret) => ["cannot send", secret]],
  ["a DOMException", (secret) => new DOMException(`cannot send ${secret}`, "DataCloneError")],
];

/** @type {Array<[title: string, error: () => unknown]>} */
const harmless = [
  ["an Error", () => new Error("connection refused")],
  ["with nested details", () => Object.assign(new Error("failed", { cause: new Error("inner") }), { to: { port: 443 } })],
  ["with an array", () => Object.assign(new Error("failed"), { addresses: ["127.0.0.1", "::1"] })],
  ["with several errors", () => new AggregateError([new Error("no IPv4"), new Error("no IPv6")], "failed")],
  ["with a Map", () => Object.assign(new Error("failed"), { fields: new Map([["a", { b: [1] }]]) })],
  ["with Headers", () => Object.assign(new Error("failed"), { headers: new Headers({ a: "b" }) })],
  ["a frozen Error", () => Object.freeze(new TypeError("connection refused"))],
  ["a DOMException", () => new DOMException("no", "NetworkError")],
  ["a string", () => "connection refused"],
  ["a number", () => 111],
];

/** @type {Case[]} */
export const secretCases = [
  ...echoes.flatMap((as) =>
    [400, 401, 500].map((status) => ({
      name: `an endpoint that repeats the assertion with a ${status}: ${as}`,
      async run(/** @type {Context} */ context) {
        const jwt = await mint(context);
        const tenant = await newTenant(context, { faults: [{ kind: "echo", as, status }] });
        const identity = newIdentity(context, tenant, { identityTokenProvider: () => jwt });
        const error = await failure(context, identity, { code: "ERR_EXCHANGE_REFUSED", statusCode: status });
        checkNoSecretIn(context, error, jwt);
      },
    })),
  ),
  ...echoes.map((as) => ({
    name: `an endpoint that repeats the assertion with a 200: ${as}`,
    async run(/** @type {Context} */ context) {
      const jwt = await mint(context);
      const tenant = await newTenant(context, { faults: [{ kind: "echo", as, status: 200 }] });
      const identity = newIdentity(context, tenant, { identityTokenProvider: () => jwt });
      checkNoSecretIn(context, await failure(context, identity, { code: "ERR_INVALID_TOKEN_RESPONSE" }), jwt);
    },
  })),
  {
    name: "an endpoint that shows a key or a token in an error",
    async run(context) {
      const body = { error: apiKey, error_description: `not with ${apiKey}`, error_uri: `https://x.example/${apiKey}` };
      const headers = { "request-id": apiKey };
      const faults = [
        { kind: /** @type {const} */ ("reply"), status: 400, headers, body },
        { kind: /** @type {const} */ ("reply"), status: 400, bodyText: `not with ${apiKey.toUpperCase()}` },
        { kind: /** @type {const} */ ("reply"), status: 400, body: { error: { type: apiKey, message: `${apiKey}${apiKey}` } } },
      ];
      const identity = newIdentity(context, await newTenant(context, { faults }));
      for (let fault = 0; fault < faults.length; fault += 1) {
        checkNoSecretIn(context, await failure(context, identity, { statusCode: 400 }));
      }
    },
  },
  {
    name: "a success that is refused does not show its token",
    async run(context) {
      const token = "sk-ant-oat01-Zm9vYmFyYmF6cXV4";
      const faults = [{ token_type: "mac" }, { expires_in: 0 }, { access_token: `${token} ` }].map((change) => ({
        kind: /** @type {const} */ ("reply"),
        status: 200,
        body: { access_token: token, token_type: "Bearer", expires_in: 60, ...change },
      }));
      const identity = newIdentity(context, await newTenant(context, { faults }));
      for (let fault = 0; fault < faults.length; fault += 1) {
        checkNoSecretIn(context, await failure(context, identity, { code: "ERR_INVALID_TOKEN_RESPONSE" }), token);
      }
    },
  },
  ...errorsWithSecret.map(([title, thrown]) => ({
    name: `a fetch that throws the assertion in ${title}`,
    async run(/** @type {Context} */ context) {
      const jwt = await mint(context);
      const identity = newIdentity(context, { baseURL: "https://api.example" }, {
        identityTokenProvider: () => jwt,
        fetch: async (_, init) => {
          throw thrown(jwt, init);
        },
      });
      const error = await failure(context, identity, { code: "ERR_NETWORK", retryable: true });
      checkNoSecretIn(context, error, jwt);
      ok(error.cause instanceof Error, "what was thrown is not replaced by an Error");
    },
  })),
  // A piece is recognised by comparison only, and before there is an assertion there is nothing to compare it with.
  ...errorsWithSecret.filter(([title]) => !title.startsWith("a piece")).flatMap(([title, thrown]) =>
    ["key", "JWT"].map((kind) => ({
      name: `a provider that throws a ${kind} in ${title}`,
      async run(/** @type {Context} */ context) {
        const secret = kind === "key" ? apiKey + apiKey : await mint(context);
        const init = { method: "POST", body: JSON.stringify({ secret }) };
        const identity = newIdentity(context, { baseURL: "https://api.example" }, {
          identityTokenProvider() {
            throw thrown(secret, init);
          },
        });
        const error = await failure(context, identity, { code: "ERR_IDENTITY_TOKEN_PROVIDER" });
        checkNoSecretIn(context, error, secret);
      },
    })),
  ),
  ...harmless.map(([title, create]) => ({
    name: `what is harmless stays the cause: ${title}`,
    async run(/** @type {Context} */ context) {
      const thrown = create();
      const fail = () => {
        throw thrown;
      };
      const api = { baseURL: "https://api.example" };
      const fetching = await failure(context, newIdentity(context, api, { fetch: fail }), { code: "ERR_NETWORK" });
      equal(fetching.cause, thrown, "cause");
      const providing = newIdentity(context, api, { identityTokenProvider: fail });
      equal((await failure(context, providing, { code: "ERR_IDENTITY_TOKEN_PROVIDER" })).cause, thrown, "cause");
    },
  })),
  {
    name: "an abort whose reason holds the assertion",
    async run(context) {
      const jwt = await mint(context);
      const caller = new AbortController();
      const identity = newIdentity(context, await newTenant(context, { faults: [{ kind: "hang" }] }), {
        identityTokenProvider: () => jwt,
        fetch: () => {
          caller.abort(new Error("gone", { cause: apiKey }));
          return new Promise(() => {});
        },
      });
      const error = await failure(context, identity, { code: "ERR_ABORTED" }, { signal: caller.signal });
      checkNoSecretIn(context, error, jwt);
    },
  },
];

/** @param {Error} error */
function messageReplaced(error) {
  void error.stack; // some engines compose it when it is read first
  error.message = "failed";
  return error;
}

/** @param {string} secret */
function circular(secret) {
  const error = Object.assign(new Error("failed"), { self: /** @type {unknown} */ (undefined), request: { secret } });
  error.self = error;
  return error;
}
