import { bun, deno, edgeRuntime, node, nodeInstalled, workerd } from "./hosts.mjs";
import { npmTool } from "./project.mjs";
import { chromium, viteDev, wranglerDev } from "./servers.mjs";

/** @import { Host } from "./hosts.mjs" */

/**
 * @typedef {object} Row one way to build, and what runs the result
 * @property {string} name
 * @property {string} project the folder
 * @property {string} [script] of its package.json; without one there is nothing to build
 * @property {RegExp} [figure] in what the build prints, to be shown
 * @property {Host[]} hosts
 */

const uploaded = /^Total Upload: .*$/m;
const versions = /** @type {const} */ (["node", "node22", "node24"]);

/** @param {string[]} names of rows or of their projects; all when empty */
export function rowsNamed(names) {
  const rows = allRows();
  const isNamed = (/** @type {Row} */ { name, project }, /** @type {string} */ wanted) => name === wanted || project === wanted;
  for (const name of names) {
    if (!rows.some((row) => isNamed(row, name))) throw new Error(`there is no consumer ${name}`);
  }
  return rows.filter((row) => names.length === 0 || names.some((name) => isNamed(row, name)));
}

/** @returns {Row[]} */
function allRows() {
  return [
    { name: "esbuild (browser)", project: "esbuild", script: "browser", hosts: [chromium("index.html")] },
    { name: "esbuild (browser, minified)", project: "esbuild", script: "browser-minified", hosts: [chromium("minified.html")] },
    {
      name: "esbuild (node, ESM)",
      project: "esbuild",
      script: "node-esm",
      hosts: versions.map((version) => node("dist/node.mjs", version)),
    },
    { name: "esbuild (node, CommonJS)", project: "esbuild", script: "node-cjs", hosts: [node("dist/node.cjs")] },
    {
      name: "vite",
      project: "vite",
      script: "build",
      hosts: [chromium("index.html", "dist"), chromium("load.html", "dist")],
    },
    { name: "vite (development)", project: "vite", hosts: [viteDev("index.html"), viteDev("load.html")] },
    { name: "webpack", project: "webpack", script: "build", hosts: [chromium("index.html"), node("dist/node.cjs")] },
    { name: "rollup", project: "rollup", script: "build", hosts: [chromium("index.html"), node("dist/node.mjs")] },
    { name: "bun build", project: "bun", script: "bun", hosts: [bun("dist/bun/node.js")] },
    { name: "bun build (browser)", project: "bun", script: "browser", hosts: [chromium("index.html")] },
    {
      name: "wrangler dev",
      project: "wrangler",
      hosts: [wranglerDev(), wranglerDev("--compatibility-flags=nodejs_compat")],
    },
    {
      name: "wrangler deploy --dry-run",
      project: "wrangler",
      script: "deploy",
      figure: uploaded,
      hosts: ["2024-09-01", newestCompatibilityDate()].map((date) => workerd("dist/whole", date)),
    },
    {
      name: "wrangler deploy --dry-run --minify",
      project: "wrangler",
      script: "deploy-minified",
      figure: uploaded,
      hosts: [workerd("dist/minified", newestCompatibilityDate())],
    },
    { name: "edge function in the way of Vercel", project: "vercel", script: "build", hosts: [edgeRuntime("dist")] },
    { name: "edge function in the way of Next.js", project: "next", script: "build", hosts: [edgeRuntime("dist")] },
    { name: "deno", project: "deno", hosts: [deno(), deno("--config=npm.json"), deno("--config=files.json")] },
    { name: "./wasm in node", project: "wasm", hosts: versions.map(nodeInstalled("node.js")) },
  ];
}

/** The newest that the installed workerd knows. */
function newestCompatibilityDate() {
  try {
    return npmTool("workerd").compatibilityDate;
  } catch {
    return "newest"; // it will not start either, and says why
  }
}
