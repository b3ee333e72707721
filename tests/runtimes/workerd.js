import { modules } from "./module_probe.js";
// @ts-ignore: installed beside the copy of this file that is run
import * as pkg from "anthropic-workload-identity";
// @ts-ignore: run.mjs writes it beside the copy of this file that is run
import settings from "./settings.js";
import { visitedCache } from "./suite/cache_visits.js";
import { visited } from "./suite/client_visits.js";
import { suitesFor } from "./suite/index.js";
import { oneOfMany } from "./suite/load.js";
import { runCase } from "./suite/run_case.js";

/** @import { Context } from "./suite/context.js" */

/** @type {unknown[]} */
const uncaught = [];
/** @type {WeakMap<Promise<unknown>, unknown>} */
const reasons = new WeakMap();
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  reasons.set(event.promise, event.reason);
  uncaught.push(event.reason);
});
// With an older compatibility date workerd reports what it then handles itself, such as every read that is aborted.
addEventListener("rejectionhandled", ({ promise }) => {
  const at = uncaught.indexOf(reasons.get(promise));
  if (at >= 0) uncaught.splice(at, 1);
});
addEventListener("error", (event) => {
  event.preventDefault();
  uncaught.push(event.error);
});

/** @type {Context} */
const context = {
  ...settings,
  runtime: "workerd",
  pkg,
  inspect(value) {
    console.error(value); // there is nothing else; the driver reads it
    return "";
  },
  files: null,
  modules,
  uncaught,
};
const suites = suitesFor(settings, "workerd");

/** A Worker that runs one case per request. */
export default {
  /** @param {Request} request */
  async fetch(request) {
    const { suite, index, baseURL, visit, cacheVisit } = await request.json();
    if (cacheVisit) return new Response(await visitedCache(context, cacheVisit));
    if (visit) return new Response(await visited(context, visit));
    if (baseURL) return Response.json(await oneOfMany(context, { baseURL }));
    const { cases } = suites.find(({ name }) => name === suite) ?? { cases: [] };
    return Response.json(await runCase(suite, cases[index], context));
  },
};
