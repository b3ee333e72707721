// workerd compiles a module at deploy time and forbids compiling one from bytes, so the .wasm file is imported.
// The bundler of wrangler copies it beside the script; nothing is awaited, and nothing happens that module scope forbids.
import module from "../core_bg.wasm";
import { initSync } from "../core.js";

initSync({ module });

export * from "../index.js";
