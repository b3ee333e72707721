import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** Where the bundle is put. */
export const folder = new URL("../../../target/www/suite/", import.meta.url);

/**
 * @param {{ issuer: string, endpoint: string, closedPort: number }} places
 */
export async function bundleSuite(places) {
  mkdirSync(folder, { recursive: true });
  const vectors = Object.fromEntries(
    ["exchange", "cache", "api_request"].map((name) => [name, JSON.parse(readFileSync(path(`../../vectors/${name}.json`), "utf8"))]),
  );
  writeFileSync(new URL("settings.json", folder), JSON.stringify({ vectors, ...places }));
  copyFileSync(path("page.html"), new URL("page.html", folder));
  await build({
    entryPoints: [path("page.js")],
    outdir: fileURLToPath(folder),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["browser"],
    alias: {
      "@anthropic-ai/sdk": path("anthropic_sdk.js"),
      "official-client": path("../../node_modules/@anthropic-ai/sdk"),
    },
    external: ["/pkg/*"],
    logLevel: "warning",
  });
}
