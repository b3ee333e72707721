import "./module_probe.js";
// @ts-ignore: installed beside the copy of this file that is run
import * as pkg from "anthropic-workload-identity";
import { runAndPrint } from "./in_process.js";

const { Deno } = /** @type {any} */ (globalThis);
/** @type {unknown[]} */
const uncaught = [];
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  uncaught.push(event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  uncaught.push(event.error);
});

await runAndPrint({
  runtime: "deno",
  pkg,
  inspect: (value) =>
    Deno.inspect(value, { depth: Infinity, showHidden: true, strAbbreviateSize: Infinity, iterableLimit: Infinity }),
  uncaught,
});
