import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { npmTool } from "./npm_tools.mjs";

/** @import { ChildProcess } from "node:child_process" */
/** @import { WorkerBundle } from "./consumer.mjs" */

/**
 * @typedef {object} RunningWorker
 * @property {string} url
 * @property {string} version of workerd
 * @property {() => string[]} errors what the Worker has written with console.error
 * @property {() => Promise<void>} stop
 */

/**
 * Runs a bundle in workerd.
 *
 * @param {WorkerBundle} bundle
 * @param {{ compatibilityDate: string, vars: Record<string, string> }} settings
 * @returns {Promise<RunningWorker>}
 */
export async function startWorker({ script, wasm }, { compatibilityDate, vars }) {
  const { Miniflare, Log, LogLevel } = npmTool("miniflare");
  /** @type {string[]} */
  const errors = [];
  /** @type {ChildProcess[]} */
  const children = [];
  const noteChild = (/** @type {any} */ { process }) => children.push(process);

  subscribe("child_process", noteChild); // miniflare keeps its child to itself
  process.once("exit", () => children.forEach(kill)); // however this process ends
  const miniflare = new Miniflare({
    cf: false, // would be fetched from the internet
    enableDevRegistry: false,
    log: new Log(LogLevel.NONE),
    logRequests: false,
    telemetry: { enabled: false },
    handleStructuredLogs(/** @type {{ level: string, message: string }} */ { level, message }) {
      if (level === "error") errors.push(message);
    },
    workers: [
      {
        config: {
          name: "demo",
          compatibilityDate,
          env: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, { type: "text", value }])),
          manifest: {
            mainModule: "index.js",
            modulesRoot: "/",
            modules: {
              "index.js": { type: "esm", contents: script },
              ...Object.fromEntries([...wasm].map(([name, contents]) => [name, { type: "wasm", contents }])),
            },
          },
        },
      },
    ],
  });

  async function stop() {
    unsubscribe("child_process", noteChild);
    await Promise.race([miniflare.dispose().catch(() => {}), sleep(2000, undefined, { ref: false })]);
    await Promise.all(children.filter(isRunning).map(killed));
  }

  try {
    const url = String(await miniflare.ready);
    return { url, version: npmTool("workerd").version, errors: () => errors, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {ChildProcess} child */
function isRunning({ pid, exitCode, signalCode }) {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/**
 * Not SIGTERM, on which workerd waits for its connections to end.
 *
 * @param {ChildProcess} child
 */
function kill(child) {
  child.kill("SIGKILL");
}

/** @param {ChildProcess} child */
async function killed(child) {
  const exit = once(child, "exit");
  kill(child);
  await exit;
}
