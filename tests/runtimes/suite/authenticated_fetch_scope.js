import { deepEqual, equal, ok } from "./check.js";
import { newTenant } from "./emulator.js";
import { ids, newIdentity } from "./identity.js";
import { authenticated, authorizationOf, recordingFetch } from "./recording_fetch.js";
import { ScriptedProvider } from "./scripted_provider.js";

/** @import { Case, Context } from "./context.js" */

const base = "https://api.example/t/abc";

const covered = [
  base,
  `${base}/`,
  `${base}/v1/messages`,
  `${base}/v1/messages?beta=true&url=https://other.example/`,
  `${base}?a=b`,
  `${base}#a`,
  `${base}/v1/messages#/../..`,
  `${base}//v1`,
  `${base}/%2e%2e%2f`,
  "HTTPS://API.Example/t/abc/v1",
  "https://api.example:443/t/abc/v1",
  "https://api.example/t/abcd/../abc/v1",
  "https://api.example/t/./abc/v1",
  "https:\\\\api.example\\t\\abc\\v1",
  " https://api.example/t/abc/v1\n",
  "https://api.exa\tmple/t/abc/v1",
];

const foreign = [
  "https://api.example/",
  "https://api.example/t",
  "https://api.example/t/ab",
  "https://api.example/t/abcd",
  "https://api.example/t/abcd/v1/messages",
  "https://api.example/t/abc%2Fv1",
  "https://api.example/T/abc/v1",
  "https://api.example/v1/messages",
  `${base}/..`,
  `${base}/../abcd/v1`,
  `${base}/../../v1`,
  `${base}/%2e%2e/abcd/v1`,
  `${base}/.%2E/v1`,
  `${base}/v1/../../v1`,
  `${base}\\..\\abcd`,
  `${base}/\t../abcd`,
  "http://api.example/t/abc/v1",
  "https://api.example:444/t/abc/v1",
  "https://api.example./t/abc/v1",
  "https://example/t/abc/v1",
  "https://www.api.example/t/abc/v1",
  "https://api.example.evil.example/t/abc/v1",
  "https://evil.example/t/abc/v1",
  "https://evil.example/https://api.example/t/abc/v1",
  "https://evil.example/?https://api.example/t/abc/v1",
  "https://evil.example#https://api.example/t/abc/v1",
  "https://evil.example\\@api.example/t/abc/v1",
];

/** A host's fetch refuses some of these, or its Request does; what is given to it must be what the caller gave. */
const foreignStrings = [
  "https://user@api.example/t/abc/v1",
  "https://user:password@api.example/t/abc/v1",
  "https://api.example@evil.example/t/abc/v1",
  "https://api.example%40evil.example/t/abc/v1",
  "wss://api.example/t/abc/v1",
  "ftp://api.example/t/abc/v1",
  "data:text/plain,https://api.example/t/abc",
  "blob:https://api.example/t/abc",
  "about:blank",
];

/** @type {Case[]} */
export const authenticatedFetchScopeCases = [
  ...covered.map((url) => ({
    name: `authenticates ${JSON.stringify(url)}`,
    async run(/** @type {Context} */ context) {
      const { send, sent } = prepared(context);
      for (const input of [url, new URL(url), new Request(url)]) await send(input);
      deepEqual(sent.map(authorizationOf), ["Bearer t1", "Bearer t1", "Bearer t1"], "authorization");
      for (const { request } of sent) ok(request.url.startsWith(base), `the URL is ${request.url}`);
    },
  })),
  ...foreign.map((url) => ({
    name: `leaves alone ${JSON.stringify(url)}`,
    run: (/** @type {Context} */ context) => leavesAlone(context, [url, new URL(url), new Request(url)]),
  })),
  ...foreignStrings.map((url) => ({
    name: `leaves alone ${JSON.stringify(url)}, which may be no URL for a Request`,
    run: (/** @type {Context} */ context) => leavesAlone(context, URL.canParse(url) ? [url, new URL(url)] : []),
  })),
  {
    name: "a request to elsewhere passes through untouched, with what the caller set",
    async run(context) {
      const { send, sent } = prepared(context);
      const init = { method: "POST", headers: { authorization: "Bearer other", "x-api-key": "a" }, body: "b" };
      await send("https://other.example/", init);
      equal(sent[0].init, init, "init");
      deepEqual([authorizationOf(sent[0]), sent[0].request.headers.get("x-api-key")], ["Bearer other", "a"], "headers");
    },
  },
  {
    name: "a 401 from elsewhere is the caller's, and the token stays",
    async run(context) {
      const { send, sent, provider } = prepared(context, (/** @type {any} */ { request }) =>
        new Response("", { status: request.url.startsWith(base) ? 200 : 401 }),
      );
      await send(base);
      equal((await send("https://other.example/")).status, 401, "status");
      await send(base);
      deepEqual([sent.length, provider.calls], [3, 1], "the number of requests and of exchanges");
    },
  },
  {
    name: "the base URL is the identity's, also when it moves",
    async run(context) {
      const identity = newIdentity(context, { baseURL: base }, { fetch: tokenEndpoint });
      for (const provider of [identity, identity.call]) {
        identity.bindBaseURL(base);
        const { fetch, sent } = recordingFetch();
        const send = context.pkg.authenticatedFetch(new context.pkg.TokenCache(provider), { fetch });
        await send(`${base}/v1`);
        await send("https://moved.example/v1");
        identity.bindBaseURL("https://moved.example/");
        await send(`${base}/v1`);
        await send("https://moved.example/v1");
        deepEqual(sent.map((entry) => authorizationOf(entry) !== null), [true, false, false, true], "whether it was authenticated");
      }
    },
  },
  {
    name: "an option goes before the identity's base URL, and takes a URL too",
    async run(context) {
      const identity = newIdentity(context, { baseURL: base }, { fetch: tokenEndpoint });
      for (const baseURL of ["https://gateway.example/claude/", new URL("https://gateway.example/claude")]) {
        const { fetch, sent } = recordingFetch();
        const send = context.pkg.authenticatedFetch(new context.pkg.TokenCache(identity), { baseURL, fetch });
        await send(`${base}/v1`);
        await send("https://gateway.example/claude/v1");
        deepEqual(sent.map((entry) => authorizationOf(entry) !== null), [false, true], "whether it was authenticated");
      }
    },
  },
  ...["an identity", "a function"].map((kind) => ({
    name: `the base URL is the API's, for ${kind} that names none`,
    async run(/** @type {Context} */ { pkg }) {
      const identity = new pkg.WorkloadIdentity({ ...ids, identityTokenProvider: () => "a.b.c", fetch: tokenEndpoint });
      const { fetch, sent } = recordingFetch();
      const cache = new pkg.TokenCache(kind === "a function" ? new ScriptedProvider().call : identity);
      const send = pkg.authenticatedFetch(cache, { fetch });
      await send("https://api.anthropic.com/v1/messages");
      await send("https://api.anthropic.com.evil.example/v1/messages");
      deepEqual(sent.map((entry) => authorizationOf(entry) !== null), [true, false], "whether it was authenticated");
    },
  })),
  {
    name: "a tenant's token goes to its own path on a shared server",
    async run(context) {
      const [own, other] = [await newTenant(context), await newTenant(context)];
      const send = context.pkg.authenticatedFetch(new context.pkg.TokenCache(newIdentity(context, own)));
      for (const { baseURL } of [own, other]) await (await send(`${baseURL}/v1/messages`, { method: "POST", body: "{}" })).text();
      const sent = (await own.log()).find(({ kind }) => kind === "api");
      ok(/^Bearer sk-ant-oat01-/.test(sent?.headers.authorization ?? ""), "the tenant's own request has no token");
      const [stray] = await other.log();
      equal(stray.headers.authorization, undefined, "authorization at the other tenant");
    },
  },
];

/**
 * @param {Context} context
 * @param {Parameters<typeof recordingFetch>} answers
 */
function prepared(context, ...answers) {
  return authenticated(context, `${base}/`, ...answers);
}

/**
 * @param {Context} context
 * @param {Array<string | URL | Request>} inputs
 */
async function leavesAlone({ pkg }, inputs) {
  const provider = new ScriptedProvider();
  const init = { headers: { "x-a": "b" } };
  /** @type {any[][]} */
  const given = [];
  const fetch = async (/** @type {any[]} */ ...request) => {
    given.push(request);
    return new Response();
  };
  const send = pkg.authenticatedFetch(new pkg.TokenCache(provider.call), { baseURL: base, fetch });
  for (const input of inputs) {
    await send(input, init);
    const [[sentInput, sentInit]] = given.splice(0);
    ok(sentInput === input && sentInit === init, "the request was touched");
  }
  equal(provider.calls, 0, "calls of the provider");
}

async function tokenEndpoint() {
  return new Response(JSON.stringify({ access_token: "t", token_type: "Bearer", expires_in: 3600 }));
}
