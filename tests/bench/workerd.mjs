// workerd without miniflare, whose start takes many times as long and differs more from time to time than what is measured.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const npmTool = createRequire(import.meta.url);

/** @typedef {{ script: string, wasm: Record<string, Uint8Array> }} Bundle */

/**
 * @param {Bundle} bundle
 * @param {string} folder in which to write what workerd reads
 * @returns {string} the path of the configuration
 */
export function configureWorkerd({ script, wasm }, folder) {
  const place = mkdtempSync(join(folder, "workerd-"));
  const names = Object.keys(wasm);
  writeFileSync(join(place, "index.js"), script);
  for (const name of names) writeFileSync(join(place, name), wasm[name]);
  const modules = [
    `(name = "index.js", esModule = embed "index.js")`,
    ...names.map((name) => `(name = "${name}", wasm = embed "${name}")`),
  ];
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [${modules}], compatibilityDate = "${npmTool("workerd").compatibilityDate}")),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
  writeFileSync(join(place, "config.capnp"), config);
  return join(place, "config.capnp");
}

/**
 * @param {string} config its path
 * @returns {Promise<{ url: string, end: () => Promise<void> }>}
 */
export async function startWorkerd(config) {
  const child = spawn(npmTool("workerd").default, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const closed = once(child, "close");
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    complaints = (complaints + text).slice(-4000);
  });
  const port = await Promise.race([portOf(/** @type {import("node:stream").Readable} */ (child.stdio[3])), closed]);
  if (typeof port !== "number") throw new Error(`workerd did not start\n${complaints}`);
  const end = async () => {
    process.off("exit", kill);
    kill();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, end };
}

/** @param {import("node:stream").Readable} control */
async function portOf(control) {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") return port;
  }
}

/**
 * @param {string} url
 * @param {unknown} [message]
 */
export async function ask(url, message) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(message) });
  const text = await response.text();
  if (text !== "done") throw new Error(`the Worker answered ${response.status}: ${text}`);
}
