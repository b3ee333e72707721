import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const tool = (/** @type {string} */ path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
const driver = fileURLToPath(new URL("workerd_driver.mjs", import.meta.url));

const edgeDriver = fileURLToPath(new URL("edge_driver.mjs", import.meta.url));

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} kind what it is called on the command line
 * @property {(folder: string) => { name: string, command: string, args: string[] }} start
 */

/** @returns {Runtime[]} */
function allRuntimes() {
  return [
    runtime("node", `node ${majorOf("node")}`, () => ["node", "node.mjs"]),
    runtime("node22", "node 22", () => [tool("node22/bin/node"), "node.mjs"]),
    runtime("node24", "node 24", () => [tool("node24/bin/node"), "node.mjs"]),
    runtime("deno", "deno", (folder) => [
      tool(".bin/deno"),
      "run",
      "--no-lock",
      "--node-modules-dir=manual",
      "--allow-net=127.0.0.1",
      "--allow-read",
      "--allow-env",
      `--allow-write=${folder}`,
      "--allow-sys=hostname", // the AI SDK reads it when it is imported
      "deno.mjs",
    ]),
    runtime("bun", "bun", () => [tool(".bin/bun"), "bun.mjs"]),
    runtime("edge", "edge-runtime", (folder) => [tool("node22/bin/node"), edgeDriver, folder]),
    ...["2024-09-01", newestCompatibilityDate()].map((date) =>
      runtime("workerd", `workerd ${date}`, (folder) => [tool("node22/bin/node"), driver, folder, date]),
    ),
  ];
}

/** @param {string} node */
function majorOf(node) {
  return execFileSync(node, ["--version"], { encoding: "utf8" }).replace(/^v(\d+).*/s, "$1");
}

/** The newest that the installed workerd knows. */
function newestCompatibilityDate() {
  try {
    return createRequire(import.meta.url)("workerd").compatibilityDate;
  } catch {
    return "newest"; // the driver will not start either, and says why
  }
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {(folder: string) => string[]} commandLine
 * @returns {Runtime}
 */
function runtime(kind, name, commandLine) {
  return {
    kind,
    name,
    start(folder) {
      const [command, ...args] = commandLine(folder);
      return { name, command, args };
    },
  };
}

/** @param {string[]} kinds all when empty */
export function runtimesNamed(kinds) {
  const all = allRuntimes();
  for (const kind of kinds) {
    if (!all.some((runtime) => runtime.kind === kind)) throw new Error(`there is no runtime ${kind}`);
  }
  return all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
}
