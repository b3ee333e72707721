/* @ts-self-types="../index.d.ts" */
// The module travels as text inside the script. `new URL("core_bg.wasm", import.meta.url)` does not survive esbuild and
// rollup, reading a file does not survive any bundler, and both are asynchronous: `require()` would not work.
import base64 from "../core_base64.js";
import { load } from "../load.js";

const text = atob(base64);
const bytes = new Uint8Array(text.length);
for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at); // several times as fast as Uint8Array.from
load(bytes);

export * from "../index.js";
