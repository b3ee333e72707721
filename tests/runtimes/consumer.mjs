import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packed = fileURLToPath(new URL("../../target/npm/", import.meta.url));
const adapters = fileURLToPath(new URL(".", import.meta.url));

/**
 * A folder outside of this repository in which the packed package is installed, with a copy of the suite: what is tested is
 * what npm would deliver.
 *
 * @param {unknown} settings for the suite
 * @param {string} [tarball]
 */
export function installConsumer(settings, tarball = onlyTarball()) {
  const folder = mkdtempSync(join(tmpdir(), "workload-identity-runtimes-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(adapters, folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(folder, "settings.js"), `export default ${JSON.stringify(settings)};\n`);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--offline", "--loglevel=error", tarball], { cwd: folder });
  return folder;
}

function onlyTarball() {
  const tarballs = readdirSync(packed).filter((name) => name.endsWith(".tgz"));
  if (tarballs.length !== 1) throw new Error(`there is not one package in ${packed}: run "make package"`);
  return join(packed, tarballs[0]);
}
