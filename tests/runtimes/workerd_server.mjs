import { subscribe } from "node:diagnostics_channel";
import { createRequire } from "node:module";

/** @import { ChildProcess } from "node:child_process" */

const npmTool = createRequire(import.meta.url);

/**
 * @param {{ script: string, wasm: Record<string, Uint8Array> }} bundle
 * @param {string} compatibilityDate
 */
export async function serveWorker({ script, wasm }, compatibilityDate) {
  /** @type {ChildProcess[]} */
  const children = [];
  // Miniflare keeps its child to itself.
  subscribe("child_process", (message) => children.push(/** @type {any} */ (message).process));
  // Not miniflare's dispose(), nor SIGTERM: both wait for connections that hang on purpose.
  process.once("exit", () => children.forEach((child) => child.kill("SIGKILL")));

  /** @type {string[]} */
  const logged = [];
  const { Miniflare, Log, LogLevel } = npmTool("miniflare");
  const modules = Object.entries(wasm).map(([name, contents]) => [name, { type: "wasm", contents }]);
  const miniflare = new Miniflare({
    cf: false, // would be fetched from the internet
    enableDevRegistry: false,
    log: new Log(LogLevel.NONE),
    logRequests: false,
    telemetry: { enabled: false },
    handleStructuredLogs: (/** @type {{ message: string }} */ { message }) => logged.push(message),
    workers: [
      {
        config: {
          name: "suite",
          compatibilityDate,
          manifest: {
            mainModule: "index.js",
            modulesRoot: "/",
            modules: { "index.js": { type: "esm", contents: script }, ...Object.fromEntries(modules) },
          },
        },
      },
    ],
  });
  return { url: String(await miniflare.ready), logged };
}
