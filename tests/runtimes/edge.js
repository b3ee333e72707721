import { modules } from "./module_probe.js";
// @ts-ignore: installed beside the copy of this file that is run
import * as pkg from "anthropic-workload-identity";
// @ts-ignore: run.mjs writes it beside the copy of this file that is run
import settings from "./settings.js";
import { suitesFor } from "./suite/index.js";
import { runCase } from "./suite/run_case.js";

/** @import { Context } from "./suite/context.js" */

// What the driver knows and the runtime does not.
const { inspect, uncaught } = /** @type {any} */ (globalThis).driver;

/** @type {Context} */
const context = { ...settings, runtime: "edge-light", pkg, inspect, files: null, modules, uncaught };
const suites = suitesFor(settings, "edge-light");

addEventListener("fetch", (event) => /** @type {any} */ (event).respondWith(answer(/** @type {any} */ (event).request)));

/** @param {Request} request */
async function answer(request) {
  const { suite, index } = await request.json();
  const { cases } = suites.find(({ name }) => name === suite) ?? { cases: [] };
  return Response.json(await runCase(suite, cases[index], context));
}
