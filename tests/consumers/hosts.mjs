import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./processes.mjs";
import { tool } from "./project.mjs";

/** @import { Project } from "./project.mjs" */

/** @typedef {{ issuer: string, baseURL: string }} Settings where the emulator is */

/**
 * @typedef {object} Host what runs that which was built
 * @property {string} name
 * @property {(project: Project, settings: Settings) => Promise<unknown>} run what shared/caller.js returns
 */

export const node22 = tool("node22/bin/node");
const nodes = { node: "node", node22, node24: tool("node24/bin/node") };
const script = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {string} file
 * @param {keyof typeof nodes} version
 */
export function node(file, version = "node") {
  return program(version, nodes[version], [basename(file)], (project) => project.moved(dirname(file)));
}

/** @param {string} file */
export function bun(file) {
  return program("bun", tool(".bin/bun"), [basename(file)], (project) => project.moved(dirname(file)));
}

/** @param {string} file that finds the package where it is installed */
export function nodeInstalled(file) {
  return (/** @type {keyof typeof nodes} */ version) =>
    program(version, nodes[version], [file], ({ folder }) => folder);
}

/** @param {string[]} options */
export function deno(...options) {
  const args = ["run", "--no-prompt", "--no-lock", "--allow-net=127.0.0.1", ...options, "main.js"];
  return program(["deno", ...options].join(" "), tool(".bin/deno"), args, ({ folder }) => folder);
}

/**
 * @param {string} folder that wrangler has written
 * @param {string} compatibilityDate
 */
export function workerd(folder, compatibilityDate) {
  const name = `workerd ${compatibilityDate}`;
  return program(name, node22, [script("run_worker.mjs"), compatibilityDate], (project) => project.moved(folder));
}

/** @param {string} folder */
export function edgeRuntime(folder) {
  return program("edge-runtime", "node", [script("run_edge_function.mjs")], (project) => project.moved(folder));
}

/**
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {(project: Project) => string} folder
 * @returns {Host}
 */
function program(name, command, args, folder) {
  return {
    name,
    async run(project, settings) {
      const options = { cwd: folder(project), env: project.env };
      return JSON.parse((await run(command, [...args, JSON.stringify(settings)], options)).stdout);
    },
  };
}
