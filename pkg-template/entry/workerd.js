// workerd compiles a module at deploy time and forbids compiling one from bytes, so the .wasm file is imported. The bundler
// of wrangler copies it beside the script; nothing is awaited, and nothing happens that module scope forbids.
import module from "../core_bg.wasm";
// A namespace, because the import of a name that an older workerd does not export would fail at link time.
import * as workers from "cloudflare:workers";
import { initSync } from "../core.js";
import { useWaitUntil } from "../keep_alive.js";

initSync({ module });
useWaitUntil(workers.waitUntil, 25_000); // Workers end a request 30 s after its response

export * from "../index.js";
