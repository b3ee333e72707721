import "./module_probe.js";
// @ts-ignore: installed beside the copy of this file that is run
import * as pkg from "anthropic-workload-identity";
import { runAndPrint } from "./in_process.js";
import { uncaught } from "./uncaught.js";

const { Deno } = /** @type {any} */ (globalThis);

await runAndPrint({
  runtime: "deno",
  pkg,
  inspect: (value) =>
    Deno.inspect(value, { depth: Infinity, showHidden: true, strAbbreviateSize: Infinity, iterableLimit: Infinity }),
  uncaught,
});
