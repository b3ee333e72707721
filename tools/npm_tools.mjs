// The npm tools, which are installed below tests/.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(new URL("../tests/package.json", import.meta.url));
const load = async (/** @type {string} */ name) => (await import(pathToFileURL(resolve(name)).href)).default;

export const binaryen = await load("binaryen");
export const esbuild = await load("esbuild");
export const wasmOpt = resolve("binaryen/bin/wasm-opt");
