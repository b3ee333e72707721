import { doesNotMatch, equal, match } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const pkg = fileURLToPath(new URL("../../pkg/", import.meta.url));
const deno = fileURLToPath(new URL("../node_modules/.bin/deno", import.meta.url));

test("JSR would take it, with its types and without what is for other hosts", () => {
  const args = ["publish", "--dry-run", "--allow-dirty"];
  const { status, stderr } = spawnSync(deno, args, { cwd: pkg, env: { ...process.env, NO_COLOR: "1" }, encoding: "utf8" });
  equal(status, 0, stderr);
  for (const file of ["index.d.ts", "core_base64.js", "entry/inline.js"]) match(stderr, new RegExp(`/${file} `));
  doesNotMatch(stderr, /\/(workerd|edge-light)\.js|\/core\.d\.ts/);
});
