// The module travels as text inside the script. `new URL("core_bg.wasm", import.meta.url)` does not survive esbuild and
// rollup, reading a file does not survive any bundler, and both are asynchronous: `require()` would not work.
import base64 from "../core_base64.js";
import { initSync } from "../core.js";

const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
initSync({ module: new WebAssembly.Module(bytes) });

export * from "../index.js";
