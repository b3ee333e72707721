/* @ts-self-types="../wasm.d.ts" */
// For whoever loads the module, which is exported as `anthropic-workload-identity/core_bg.wasm`: hosts and bundlers that none of
// the other entries fits. `load(module)` comes before anything else.
export { load } from "../load.js";
export * from "../index.js";
