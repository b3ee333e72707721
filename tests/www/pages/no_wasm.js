// The package under a policy that forbids WebAssembly.
import { equal, match, ok, rejectionOf } from "../../runtimes/suite/check.js";

/** @import { Case } from "../../runtimes/suite/context.js" */

/** @type {Case[]} */
export const cases = [
  {
    name: "says that the policy forbids WebAssembly, and what allows it",
    async run() {
      const error = await rejectionOf(import("../../../pkg/entry/inline.js"), "the import");
      match(error.message, /could not start its WebAssembly module.*'wasm-unsafe-eval'.*script-src.*Content-Security-Policy/, "the message");
      ok(error.cause instanceof WebAssembly.CompileError, `its cause is ${error.cause}`);
    },
  },
  {
    name: "says it again to whoever imports again",
    async run() {
      const path = "/second/pkg/entry/inline.js";
      const errors = await Promise.all([path, `${path}?again`].map((url) => rejectionOf(import(url), "the import")));
      equal(errors.every(({ message }) => message.includes("'wasm-unsafe-eval'")), true, "whether both say so");
    },
  },
];
