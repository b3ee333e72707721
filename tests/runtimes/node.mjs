import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import "./module_probe.js";
// @ts-ignore: installed beside the copy of this file that is run
import * as pkg from "anthropic-workload-identity";
import { runAndPrint } from "./in_process.js";

/** @type {unknown[]} */
const uncaught = [];
process.on("unhandledRejection", (reason) => uncaught.push(reason));
process.on("uncaughtException", (error) => uncaught.push(error));

const commonJs = {
  name: "require() from CommonJS",
  async run() {
    const script = fileURLToPath(new URL("./node_require.cjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    if (stdout !== "function function\n") throw new Error(`it printed ${stdout}`);
  },
};

await runAndPrint(
  {
    runtime: "node",
    pkg,
    inspect: (value) => inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    uncaught,
  },
  [{ name: "CommonJS", cases: [commonJs] }],
);
