// workerd, measured from outside: its clock stands still while a Worker computes.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundleWorker } from "../runtimes/workerd_bundle.mjs";
import { inTurn } from "./in_turn.js";
import { constructed } from "./settings.mjs";
import { ask, configureWorkerd, startWorkerd } from "./workerd.mjs";

/** @import { Samples } from "./in_turn.js" */
/** @import { Settings, WorkloadName } from "./settings.mjs" */

const FRESH_ROUNDS = 12;

/**
 * @param {string} folder of the consumer
 * @param {Settings} settings
 */
export function workerdRuntime(folder, settings) {
  return {
    name: "workerd",
    async measure() {
      const samples = { ...(await measureGoing(folder, settings)), fresh: await measureFresh(folder) };
      return { version: createRequire(import.meta.url)("workerd").version, samples };
    },
  };
}

/**
 * @param {string} folder
 * @param {Settings} settings
 */
async function measureGoing(folder, { measured }) {
  const { url, end } = await startWorkerd(configureWorkerd(await bundleWorker(folder, "bench/going_worker.js"), folder));
  const measure = async (/** @type {WorkloadName} */ workload, /** @type {string[]} */ names) => {
    const { rounds, count } = measured[workload];
    const requests = Object.fromEntries(names.map((contender) => [contender, { workload, contender, count }]));
    return inTurn(requests, rounds, async (request) => (await timed(() => ask(url, request))) / count);
  };
  const cached = withoutRequest(await measure("cached", ["call", "getToken", "sdk", "plain", "nothing"]));
  const canned = await measure("canned", ["ours", "sdk", "plain"]);
  const emulator = await measure("emulator", ["ours", "sdk", "plain"]);
  await end();
  return { cached, canned, emulator };
}

/**
 * @param {Samples} samples among them of a request that did nothing
 * @returns {Samples} of the work alone
 */
function withoutRequest({ nothing, ...others }) {
  const work = (/** @type {number[]} */ figures) => figures.map((figure, round) => figure - nothing[round]);
  return Object.fromEntries(Object.entries(others).map(([name, figures]) => [name, work(figures)]));
}

/**
 * From the start of workerd to a Worker's first answer.
 *
 * @param {string} folder
 */
async function measureFresh(folder) {
  /** @type {Record<string, string>} */
  const configs = {};
  for (const [name, module] of Object.entries({ ...constructed, nothing: undefined })) {
    const entry = `bench/fresh_worker_${name}.js`;
    writeFileSync(join(folder, entry), freshWorker(module));
    configs[name] = configureWorkerd(await bundleWorker(folder, entry), folder);
  }
  return inTurn(configs, FRESH_ROUNDS, async (config) => {
    /** @type {Awaited<ReturnType<typeof startWorkerd>> | undefined} */
    let worker;
    const ms = await timed(async () => {
      worker = await startWorkerd(config);
      await ask(worker.url);
    });
    await worker?.end();
    return ms;
  });
}

/** @param {string | undefined} module */
function freshWorker(module) {
  const constructing = `import settings from "../settings.js";
import { construct } from "./construct/${module}.js";
construct({ ...settings.ids, baseURL: settings.canned, identityTokenProvider: async () => settings.assertion });
`;
  return `${module ? constructing : ""}export default { fetch: () => new Response("done") };\n`;
}

/** @param {() => Promise<void>} work */
async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
