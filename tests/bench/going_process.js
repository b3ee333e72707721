// Measures in a process of Node, Deno or Bun what it does over and over, and prints the samples as JSON: milliseconds.
// @ts-ignore: written beside the copy of this file that is run
import settings from "../settings.js";
import { inTurn } from "./in_turn.js";
import { allWorkloads } from "./workloads.js";

/** @type {Record<string, import("./in_turn.js").Samples>} */
const samples = {};
for (const [name, contenders] of Object.entries(allWorkloads(settings))) {
  const { rounds, count } = settings.measured[name];
  samples[name] = await inTurn(contenders, rounds, async (run) => {
    const start = performance.now();
    await run(count);
    return (performance.now() - start) / count;
  });
}
const { bun, deno, node } = process.versions;
console.log(JSON.stringify({ version: bun ?? deno ?? node, samples }));
