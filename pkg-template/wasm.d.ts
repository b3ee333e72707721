export * from "./index.js";

/**
 * Starts the WebAssembly module, `anthropic-workload-identity/core_bg.wasm`, from its bytes or compiled. Comes before anything
 * else in this entry; later calls do nothing.
 */
export function load(module: WebAssembly.Module | BufferSource): void;
