import { deepEqual, equal, ok } from "./check.js";
import { newTenant, secondHostLog } from "./emulator.js";
import { newIdentity } from "./identity.js";
import { authenticated, status } from "./recording_fetch.js";

/** @import { Case, Context } from "./context.js" */

const baseURL = "https://api.example";

/** @type {Case[]} */
export const authenticatedFetchRedirectCases = [
  {
    name: "a redirect to another host is not followed: the caller gets it, and the token stays here",
    async run(context) {
      const tenant = await newTenant(context);
      const cache = new context.pkg.TokenCache(newIdentity(context, tenant));
      const token = await cache.getToken();
      const send = context.pkg.authenticatedFetch(cache);
      const url = `${tenant.baseURL}/v1/messages`;
      const init = { method: "POST", body: "{}" };
      for (const [input, options] of /** @type {any[]} */ ([[url, init], [new Request(url, init)], [new URL(url), init]])) {
        await tenant.setFaults({ kind: "redirect", on: "api" });
        const response = await send(input, options);
        await response.arrayBuffer();
        equal(response.status, 307, "status");
      }
      const strays = (await secondHostLog(context)).filter(({ headers }) => headers.authorization?.includes(token));
      equal(strays.length, 0, "the number of requests with the token at the other host");
    },
  },
  {
    name: "nor is one in the repeat after a 401",
    async run(context) {
      const { send, sent } = authenticated(context, baseURL, status(401), status(200));
      await send(baseURL);
      deepEqual(sent.map(({ init }) => init.redirect), ["manual", "manual"], "redirect");
    },
  },
  ...["follow", "manual"].map((redirect) => ({
    name: `an init says otherwise: ${redirect}`,
    async run(/** @type {Context} */ context) {
      const { send, sent } = authenticated(context, baseURL, status(401), status(200));
      await send(baseURL, { redirect: /** @type {any} */ (redirect) });
      await send(new Request(baseURL), { redirect: /** @type {any} */ (redirect) });
      ok(sent.length === 3 && sent.every(({ request }) => request.redirect === redirect), "redirect is another");
    },
  })),
];
