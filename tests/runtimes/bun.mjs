import "./module_probe.js";
// @ts-ignore: installed beside the copy of this file that is run
import * as pkg from "anthropic-workload-identity";
import { runAndPrint } from "./in_process.js";

const { Bun } = /** @type {any} */ (globalThis);
/** @type {unknown[]} */
const uncaught = [];
process.on("unhandledRejection", (reason) => uncaught.push(reason));
process.on("uncaughtException", (error) => uncaught.push(error));

await runAndPrint({
  runtime: "bun",
  pkg,
  inspect: (value) => Bun.inspect(value, { depth: Infinity }),
  uncaught,
});
