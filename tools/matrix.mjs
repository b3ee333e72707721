// Writes README's table of runtimes and tools from what passed in the last `make test`. `--check` fails when it is another.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [begin, end] = ["<!-- matrix: written by tools/matrix.mjs -->\n", "<!-- end of matrix -->"];

const { packages } = JSON.parse(readFileSync(`${root}tests/package-lock.json`, "utf8"));
const versionOf = (/** @type {string} */ tool) => packages[`node_modules/${tool}`].version.split(".").slice(0, 2).join(".");

/** @param {string} runner @returns {string[]} */
function passed(runner) {
  return JSON.parse(readFileSync(`${root}target/matrix/${runner}.json`, "utf8"));
}

/** @param {string} runtime */
function titleOf(runtime) {
  const [name, version] = runtime.split(" ");
  if (name === "node") return `Node ${version}`;
  if (name === "workerd") return `Cloudflare Workers (workerd), compatibility date ${version}`;
  if (name === "edge-runtime") return `Vercel's Edge runtime (edge-runtime ${versionOf(name)})`;
  if (name === "deno" || name === "bun") return `${name[0].toUpperCase()}${name.slice(1)} ${versionOf(name)}`;
  return `${name[0].toUpperCase()}${name.slice(1)}, headless`;
}

const rows = [
  ...passed("runtimes").map((name) => [titleOf(name), "the whole suite"]),
  ...passed("browsers").map((name) => [titleOf(name), "the suite, the page in `www/`, realms, workers, content security policies"]),
  ...passed("consumers").map((name) => [name, "a project built and run"]),
];
const table = ["| runtime or tool | passed |", "|---|---|", ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");

const readme = readFileSync(`${root}README.md`, "utf8");
const [before, rest] = readme.split(begin);
const after = rest.slice(rest.indexOf(end));
const written = `${before}${begin}\n${table}\n\n${after}`;
if (!process.argv.includes("--check")) writeFileSync(`${root}README.md`, written);
else if (written !== readme) {
  console.error(`README's table is not what passed. It would be:\n${table}`);
  process.exitCode = 1;
}
