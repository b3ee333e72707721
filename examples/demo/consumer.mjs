import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npmTool } from "./npm_tools.mjs";

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

/**
 * A copy of examples/worker with the packed package installed, as npm would.
 *
 * @param {string} folder
 * @returns {{ version: string, compatibilityDate: string }}
 */
export function installConsumer(folder) {
  const { name, version } = json(path("../../pkg-template/package.json"));
  const tarball = path(`../../target/npm/${name}-${version}.tgz`);
  if (!existsSync(tarball)) throw new Error('the package is not built: run "make package"');
  cpSync(path("../worker"), folder, { recursive: true, filter: (source) => basename(source) !== "node_modules" });
  const installed = join(folder, "node_modules", name);
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  return { version, compatibilityDate: json(join(folder, "wrangler.json")).compatibility_date };
}

/**
 * @typedef {object} WorkerBundle
 * @property {string} script
 * @property {Map<string, Uint8Array>} wasm by the name under which the script imports it
 */

/**
 * What `wrangler deploy` uploads: one script, and every .wasm file beside it, to be compiled by the platform.
 *
 * @param {string} folder
 * @returns {Promise<WorkerBundle>}
 */
export async function bundleWorker(folder) {
  const esbuild = npmTool("esbuild");
  /** @type {WorkerBundle["wasm"]} */
  const wasm = new Map();
  const wasmBeside = {
    name: "wasm-beside-the-script",
    setup(/** @type {any} */ build) {
      build.onResolve({ filter: /\.wasm$/ }, (/** @type {Record<string, string>} */ { path, resolveDir }) => {
        const name = basename(path);
        wasm.set(name, readFileSync(join(resolveDir, path)));
        return { path: `./${name}`, external: true };
      });
    },
  };
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(folder, "index.js")],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    plugins: [wasmBeside],
    write: false,
    logLevel: "silent",
  });
  await esbuild.stop();
  return { script: outputFiles[0].text, wasm };
}

/** @param {string} file */
function json(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
