// Identity token providers that need nothing but the runtime.

/** @import { IdentityTokenProvider } from "./index.js" */

/**
 * @param {string | URL} path
 * @returns {IdentityTokenProvider}
 */
export function identityTokenFromFile(path) {
  return async ({ signal }) => {
    // Not `import("node:fs/promises")`: bundlers for runtimes without files stop at it, though it is never reached there.
    const fs = globalThis.process?.getBuiltinModule?.("node:fs/promises");
    if (!fs) throw new Error("this runtime has no file system");
    return fs.readFile(path, { encoding: "utf8", signal });
  };
}

/**
 * @param {string} token
 * @returns {IdentityTokenProvider}
 */
export function identityTokenFromValue(token) {
  return () => token;
}
