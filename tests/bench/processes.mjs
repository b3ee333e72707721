// Node, Deno and Bun: each contender in processes of its own, or all of them in one that goes on.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { runtimesNamed } from "../runtimes/runtimes.mjs";
import { inTurn } from "./in_turn.js";
import { constructed } from "./settings.mjs";

const LIMIT_MS = 120_000;
const FRESH_ROUNDS = 15;

/** @param {string} folder of the consumer */
export function processRuntimes(folder) {
  return runtimesNamed(["node", "deno", "bun"]).map((runtime) => {
    const { name, command, args } = runtime.start(folder);
    const run = (/** @type {string[]} */ ...script) => outputOf(command, [...args.slice(0, -1), ...script], folder);
    return { name, measure: () => measure(run) };
  });
}

/** @param {(...script: string[]) => Promise<string>} run */
async function measure(run) {
  const { version, samples } = JSON.parse(await run("bench/going_process.js"));
  const fresh = await inTurn(constructed, FRESH_ROUNDS, async (module) => {
    return Number(await run("bench/fresh_process.js", module));
  });
  return { version, samples: { ...samples, fresh } };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
async function outputOf(command, args, cwd) {
  const running = promisify(execFile)(command, args, { cwd, timeout: LIMIT_MS, killSignal: "SIGKILL" });
  const end = () => running.child.kill("SIGKILL");
  process.once("exit", end);
  try {
    return (await running).stdout;
  } finally {
    process.off("exit", end);
  }
}
