import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { link, onlyTarball } from "../runtimes/consumer.mjs";
import { run } from "./processes.mjs";

const folderOf = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const consumers = folderOf(".");
const tools = folderOf("../node_modules/");

/** What the projects would have among their devDependencies. Linked, a package finds what it needs beside where it really is. */
const devDependencies = ["@rollup/plugin-node-resolve", "esbuild", "rollup", "vite", "webpack", "wrangler"];

const warning = /\bwarn(ings?)?\b|\(!\)|externalized/i;

/** Folders outside of this repository, in which the packed package is installed: what is built is what npm would deliver. */
export class Projects {
  #folder = mkdtempSync(join(tmpdir(), "workload-identity-consumers-"));
  #installed = /** @type {Map<string, Promise<Project>>} */ (new Map());
  #tarball;
  /** Nothing that a tool asks for at home, and nothing that it keeps there. */
  env = {
    ...process.env,
    CI: "1",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    DENO_DIR: join(this.#folder, "deno"),
    DENO_NO_UPDATE_CHECK: "1",
    DO_NOT_TRACK: "1",
    HOME: this.#folder,
    NO_COLOR: "1",
    NODE_DISABLE_COMPILE_CACHE: "1",
    TMPDIR: this.#folder,
    WRANGLER_SEND_METRICS: "false",
    XDG_CACHE_HOME: join(this.#folder, "cache"),
    XDG_CONFIG_HOME: join(this.#folder, "config"),
    npm_config_update_notifier: "false",
  };

  /** @param {string} [tarball] */
  constructor(tarball) {
    process.once("exit", () => rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 }));
    this.#tarball = tarball ?? onlyTarball();
  }

  /**
   * @param {string} name
   * @returns {Promise<Project>}
   */
  installed(name) {
    const known = this.#installed.get(name) ?? this.#install(name);
    this.#installed.set(name, known);
    return known;
  }

  /** @param {string} name */
  async #install(name) {
    const folder = mkdtempSync(join(this.#folder, `${name}-`));
    cpSync(join(consumers, "shared"), folder, { recursive: true });
    cpSync(join(consumers, name), folder, { recursive: true });
    const args = ["install", "--no-audit", "--no-fund", "--offline", "--loglevel=error", this.#tarball];
    await run("npm", args, { cwd: folder, env: { ...this.env, HOME: process.env.HOME } });
    devDependencies.forEach((tool) => link(tool, join(folder, "node_modules")));
    return new Project(folder, this.env);
  }
}

export class Project {
  /**
   * @param {string} folder
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(folder, env) {
    this.folder = folder;
    this.env = env;
  }

  /**
   * Runs a script of its package.json. A warning is a failure: users would read it as one.
   *
   * @param {string} script
   */
  async build(script) {
    const path = [join(tools, "node22/bin"), join(tools, ".bin"), process.env.PATH].join(delimiter);
    const { stdout, stderr } = await run(tool("node22/bin/node"), ["--run", script], {
      cwd: this.folder,
      env: { ...this.env, PATH: path },
    });
    const printed = stdout + stderr;
    if (warning.test(printed)) throw new Error(`the build warns:\n${printed}`);
    return printed;
  }

  /**
   * A copy of a built folder, from which nothing that was installed can be found any more.
   *
   * @param {string} built
   */
  moved(built) {
    const folder = mkdtempSync(`${this.folder}-built-`);
    cpSync(join(this.folder, built), folder, { recursive: true });
    return folder;
  }
}

/** @param {string} path */
export function tool(path) {
  return join(tools, path);
}

export const npmTool = createRequire(import.meta.url);
