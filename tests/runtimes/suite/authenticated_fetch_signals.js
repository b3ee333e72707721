import { equal, rejectionOf, within } from "./check.js";
import { newTenant } from "./emulator.js";
import { newIdentity } from "./identity.js";
import { authenticated, status } from "./recording_fetch.js";

/** @import { Case, Context } from "./context.js" */

const baseURL = "https://api.example";
const LIMIT_MS = 5000;

/** @typedef {(url: string, signal: AbortSignal) => [input: string | Request, init?: RequestInit]} Requesting */

/** @type {Array<[where: string, request: Requesting]>} */
const ways = [
  ["an init", (url, signal) => [url, { method: "POST", body: "{}", signal }]],
  ["a Request", (url, signal) => [new Request(url, { method: "POST", body: "{}", signal })]],
  ["an init beside a Request", (url, signal) => [new Request(url, { method: "POST", body: "{}" }), { signal }]],
];

/** @type {Case[]} */
const casesOfEachWay = ways.flatMap(([where, request]) => [
  {
    name: `the signal of ${where}, aborted already: no exchange and no request`,
    async run(/** @type {Context} */ context) {
      const { send, sent, provider } = authenticated(context, baseURL);
      const signal = AbortSignal.abort(new Error("the page was left"));
      equal(await rejectionOf(send(...request(baseURL, signal)), "the request"), signal.reason, "what it rejected with");
      equal(sent.length + provider.calls, 0, "the number of requests and exchanges");
    },
  },
  {
    name: `the signal of ${where}, aborted during the exchange: the caller is free, and the others get their token`,
    async run(/** @type {Context} */ context) {
      const { send, sent, provider, cache } = authenticated(context, baseURL);
      provider.holds = true;
      const caller = new AbortController();
      const leaving = rejectionOf(send(...request(baseURL, caller.signal)), "the request");
      const staying = cache.getToken();
      caller.abort(new Error("the page was left"));
      equal(await within(LIMIT_MS, leaving, "the request"), caller.signal.reason, "what it rejected with");
      provider.release();
      equal(await staying, "t1", "token");
      equal(sent.length, 0, "the number of requests");
    },
  },
  {
    name: `the signal of ${where}, aborted while a 401 is followed by an exchange: the caller is free`,
    async run(/** @type {Context} */ context) {
      const caller = new AbortController();
      const { send, sent, provider } = authenticated(context, baseURL, () => {
        provider.holds = true;
        setTimeout(() => caller.abort(), 0);
        return status(401)();
      });
      const leaving = rejectionOf(send(...request(baseURL, caller.signal)), "the request");
      equal(await within(LIMIT_MS, leaving, "the request"), caller.signal.reason, "what it rejected with");
      equal(sent.length, 1, "the number of requests");
      provider.release();
    },
  },
  ...["before a 401", "in the repeat"].map((when) => ({
    name: `the signal of ${where}, aborted during the request ${when}: the request is given up`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context);
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      await cache.call();
      const caller = new AbortController();
      /** @type {any[]} */
      const refusal = when === "in the repeat" ? [{ kind: "reply", status: 401, on: "api" }] : [];
      await tenant.setFaults(...refusal, { kind: "hang", on: "api" });
      const send = context.pkg.authenticatedFetch(cache);
      const [input, init] = request(`${tenant.baseURL}/v1/messages`, caller.signal);
      const leaving = rejectionOf(send(input, init), "the request");
      await tenant.lastEntry(({ outcome }) => outcome === "fault:hang");
      caller.abort();
      await within(LIMIT_MS, leaving, "the request");
      await tenant.lastEntry(({ clientGone }) => clientGone);
    },
  })),
]);

/** @type {Case[]} */
export const authenticatedFetchSignalCases = [
  ...casesOfEachWay,
  {
    name: "an init without a signal takes that of a Request away, as fetch has it",
    async run(context) {
      const { send } = authenticated(context, baseURL);
      const request = new Request(baseURL, { method: "POST", body: "{}", signal: AbortSignal.abort() });
      equal((await send(request, { signal: null })).status, 200, "status");
    },
  },
];
