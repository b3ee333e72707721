import { createRequire } from "node:module";

const fromTests = createRequire(new URL("../../tests/package.json", import.meta.url));

/**
 * Every npm tool is installed below tests/, which keeps the lock file.
 *
 * @param {string} name
 */
export function npmTool(name) {
  try {
    return fromTests(name);
  } catch (error) {
    throw new Error(`${name} is not installed: run "npm ci --prefix tests"`, { cause: error });
  }
}
