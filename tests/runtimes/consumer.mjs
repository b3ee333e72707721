import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packed = fileURLToPath(new URL("../../target/npm/", import.meta.url));
const adapters = fileURLToPath(new URL(".", import.meta.url));
const tools = fileURLToPath(new URL("../node_modules/", import.meta.url));

/** The clients that the package is made for. */
const clients = ["@anthropic-ai/sdk", "@ai-sdk/anthropic", "ai"];

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
  clients.forEach((name) => link(name, join(folder, "node_modules")));
  return folder;
}

/**
 * Linked, a package finds what it depends on beside where it really is.
 *
 * @param {string} name
 * @param {string} modules
 */
export function link(name, modules) {
  const path = join(modules, name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(tools, name), path);
}

export function onlyTarball() {
  const tarballs = readdirSync(packed).filter((name) => name.endsWith(".tgz"));
  if (tarballs.length !== 1) throw new Error(`there is not one package in ${packed}: run "make package"`);
  return join(packed, tarballs[0]);
}
