// Vercel's Edge runtime and Next.js compile a module at build time, when its import ends in `?module`, and forbid compiling
// one from bytes. An asynchronous start would work too, but make every importer wait at the top level.
// @ts-ignore: a bundler resolves it
import module from "../core_bg.wasm?module";
import { load } from "../load.js";

// The module may be of another realm than this script, and is one all the same.
load(module instanceof WebAssembly.Module ? module : Object.setPrototypeOf(module, WebAssembly.Module.prototype));

export * from "../index.js";
