import { spawn } from "node:child_process";
import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** Far longer than anything takes here; what is not over by then hangs. */
const LIMIT_MS = 60_000;

/** In a process group, so that what it starts in turn can be ended with it. */
export class Program {
  stdout = "";
  stderr = "";

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{ cwd?: string, env: NodeJS.ProcessEnv }} options
   */
  constructor(command, args, options) {
    this.name = [basename(command), ...args].slice(0, 2).join(" ");
    this.child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    this.end = this.end.bind(this);
    process.prependOnceListener("exit", this.end); // before the folders go, in which it writes
  }

  /**
   * The first group of what matches first on its standard output.
   *
   * @param {RegExp} pattern
   * @returns {Promise<string>}
   */
  printed(pattern) {
    return this.#within(`without having printed ${pattern}`, (resolve) => {
      this.child.stdout.on("data", () => {
        const found = pattern.exec(this.stdout);
        if (found) resolve(found[1]);
      });
    });
  }

  /** @returns {Promise<void>} */
  succeeded() {
    return this.#within("", (resolve) => {
      this.child.once("close", (code) => {
        if (code === 0) resolve();
      });
    });
  }

  /**
   * @template T
   * @param {string} without
   * @param {(resolve: (value: T) => void) => void} begin
   * @returns {Promise<T>}
   */
  async #within(without, begin) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        const fail = (/** @type {string} */ why) =>
          reject(new Error(legible(`${this.name} ${why} ${without}\n${this.stdout}\n${this.stderr}`)));
        begin(resolve);
        this.child.once("error", ({ message }) => fail(`does not start: ${message}`));
        this.child.once("close", (code, signal) => fail(`ended with ${signal ?? code}`));
        timer = setTimeout(() => fail(`is not over after ${LIMIT_MS} ms`), LIMIT_MS);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Not SIGTERM, on which workerd waits for its connections to end. */
  end() {
    process.off("exit", this.end);
    if (!this.child.pid) return;
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/**
 * What a program prints, once it is over. Rejects with all of it when the program fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 */
export async function run(command, args, options) {
  const program = new Program(command, args, options);
  try {
    await program.succeeded();
    return program;
  } finally {
    program.end();
  }
}

/**
 * Without the colours, and without the whole of a minified script where an error shows its line.
 *
 * @param {string} printed
 */
function legible(printed) {
  return stripVTControlCharacters(printed)
    .replace(/^(.{400}).+/gm, "$1…")
    .replace(/\s*\n(\s*\n)*/g, "\n")
    .trim();
}
