import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const npmTool = createRequire(import.meta.url);

/**
 * What `wrangler deploy` uploads: one script, and the .wasm files beside it, which the platform compiles.
 *
 * @param {string} folder of the consumer
 * @param {string} [entry] of the Worker, in that folder
 */
export async function bundleWorker(folder, entry = "workerd.js") {
  const esbuild = npmTool("esbuild");
  /** @type {Record<string, Uint8Array>} */
  const wasm = {};
  const wasmBesideScript = {
    name: "wasm-beside-script",
    setup(/** @type {any} */ build) {
      build.onResolve({ filter: /\.wasm$/ }, (/** @type {{ path: string, resolveDir: string }} */ { path, resolveDir }) => {
        const name = basename(path);
        wasm[name] = readFileSync(join(resolveDir, path));
        return { path: `./${name}`, external: true };
      });
    },
  };
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [join(folder, entry)],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    plugins: [wasmBesideScript],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  await esbuild.stop();
  const inputs = Object.keys(metafile.inputs);
  const packageFiles = inputs.filter((input) => input.includes("node_modules/anthropic-workload-identity/"));
  return { script: /** @type {string} */ (outputFiles[0].text), wasm, packageFiles };
}
