import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** @import { Report } from "./report.mjs" */
/** @import { CaseResult } from "./suite/context.js" */

const LIMIT_MS = 180_000;

/**
 * Runs an adapter, and reports the cases whose results it prints.
 *
 * @param {{ name: string, command: string, args: string[] }} runtime
 * @param {string} folder of the consumer
 * @param {Report} report
 */
export async function runAdapter({ name, command, args }, folder, report) {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const end = () => child.kill("SIGTERM");
  process.once("exit", end);
  const timer = setTimeout(() => {
    complaints += `ended after ${LIMIT_MS / 1000} s\n`;
    end();
  }, LIMIT_MS);
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaints = (complaints + text).slice(-4000);
  });
  const ended = once(child, "close").then(
    ([code, signal]) => `it ended with ${code ?? signal}`,
    (error) => `it did not start: ${error.message}`,
  );

  let isDone = false;
  /** @type {CaseResult[]} */
  let results = [];
  const reportSuite = () => {
    if (results.length > 0) report.suite(name, results[0].suite, results);
    results = [];
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const result = parsed(line);
    if (!result) complaints += `${line}\n`;
    else if (result.done) isDone = true;
    else {
      if (results.length > 0 && results[0].suite !== result.suite) reportSuite();
      results.push(result);
    }
  }
  reportSuite();
  const ending = await ended;
  clearTimeout(timer);
  process.off("exit", end);
  if (isDone && ending === "it ended with 0") return;
  report.broken(name, `${ending}${isDone ? "" : " before its last case"}\n${complaints}`);
}

/** @param {string} line */
function parsed(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
