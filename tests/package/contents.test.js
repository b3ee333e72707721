import { equal, deepEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const pkg = fileURLToPath(new URL("../../pkg/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${pkg}package.json`, "utf8"));

const SHIPPED = [
  "CHANGELOG.md",
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "authenticated_fetch.js",
  "core.js",
  "core_base64.js",
  "core_bg.wasm",
  "entry/edge-light.js",
  "entry/inline.js",
  "entry/wasm.js",
  "entry/workerd.js",
  "errors.js",
  "identity_tokens.js",
  "index.d.ts",
  "index.js",
  "keep_alive.js",
  "load.js",
  "package.json",
  "patience.js",
  "token_cache.js",
  "wasm.d.ts",
  "workload_identity.js",
];

test("ships these files and no others", () => {
  const [{ files }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--silent"], { cwd: pkg, encoding: "utf8" }));
  deepEqual(files.map((/** @type {{ path: string }} */ { path }) => path).sort(), SHIPPED);
});

test("has no dependency of any kind", () => {
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies", "scripts"]) {
    equal(manifest[kind], undefined, kind);
  }
});

test("its conditions come in an order in which every host finds its own", () => {
  const conditions = ["types", "workerd", "edge-light", "deno", "bun", "node", "browser", "default"];
  deepEqual(Object.keys(manifest.exports["."]), conditions);
});

test("only the entries have effects, which start the module", () => {
  deepEqual(manifest.sideEffects, ["./entry/*.js"]);
  const entries = readdirSync(`${pkg}entry`);
  for (const file of SHIPPED.filter((name) => name.endsWith(".js") && !name.startsWith("core") && !name.includes("/"))) {
    const source = readFileSync(`${pkg}${file}`, "utf8");
    equal(/^(load|initSync|useWaitUntil)\(/m.test(source), false, file);
  }
  equal(entries.length, 4);
});

test("exports what the contract declares, and nothing else", async () => {
  const contract = readFileSync(`${pkg}index.d.ts`, "utf8");
  const declared = [...contract.matchAll(/^export (?:class|function|const) (\w+)/gm)].map(([, name]) => name);
  const exported = Object.keys(await import("../../pkg/entry/inline.js"));
  deepEqual(exported.sort(), declared.sort());
  deepEqual(Object.keys(await import("../../pkg/entry/wasm.js")).sort(), [...declared, "load"].sort());
});

test("names no path of the machine that built it", () => {
  const wasm = readFileSync(`${pkg}core_bg.wasm`, "latin1");
  equal(/\.rs\b|\/rustc|cargo|\/home|\/root|\/tmp/.exec(wasm)?.[0], undefined);
});

test("has the same version everywhere", () => {
  equal(/anthropic-workload-identity\/([\d.]+)/.exec(readFileSync(`${pkg}core_bg.wasm`, "latin1"))?.[1].startsWith(manifest.version), true);
});
