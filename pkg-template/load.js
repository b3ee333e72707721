import { initSync } from "./core.js";

/**
 * Compiles the module if it is bytes, and starts it. Once is enough: later calls do nothing.
 *
 * @param {WebAssembly.Module | BufferSource} module
 */
export function load(module) {
  try {
    initSync({ module });
  } catch (cause) {
    const message =
      "anthropic-workload-identity could not start its WebAssembly module. A page needs 'wasm-unsafe-eval' in the script-src of " +
      "its Content-Security-Policy; a host that compiles no bytes needs an import of the module, as in entry/workerd.js.";
    throw new Error(message, { cause });
  }
}
