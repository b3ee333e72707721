// Builds an edge function in the way of Vercel: a script for a worker, and the modules that it imports with `?module` as
// globals of it, beside it.
import { copyFileSync, mkdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import * as esbuild from "esbuild";

mkdirSync("dist", { recursive: true });

const modulesAsGlobals = {
  name: "modules-as-globals",
  setup(build) {
    build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path.replace("?module", ""));
      const name = `wasm_${basename(file, ".wasm")}`;
      copyFileSync(file, `dist/${name}.wasm`);
      return { path: name, namespace: "global" };
    });
    build.onLoad({ filter: /./, namespace: "global" }, ({ path }) => ({ contents: `export default globalThis.${path};` }));
  },
};

await esbuild.build({
  stdin: {
    contents: `import handler from "./edge.js";
      addEventListener("fetch", (event) => event.respondWith(handler(event.request)));`,
    resolveDir: ".",
  },
  bundle: true,
  conditions: ["edge-light", "browser", "module", "import", "require"],
  minify: true,
  outfile: "dist/index.js",
  plugins: [modulesAsGlobals],
});
