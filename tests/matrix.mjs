import { mkdirSync, writeFileSync } from "node:fs";

const folder = new URL("../target/matrix/", import.meta.url);

/**
 * Leaves behind what passed, for README's table: see tools/matrix.mjs.
 *
 * @param {string} runner
 * @param {string[]} rows
 */
export function notePassed(runner, rows) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${runner}.json`, folder), `${JSON.stringify(rows, null, 2)}\n`);
}
