// Completes what wasm-pack built (target/glue) with pkg-template into pkg/, and packs it into target/npm/.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { optimize } from "./optimize.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (/** @type {string} */ path, encoding = /** @type {BufferEncoding} */ ("utf8")) =>
  readFileSync(root + path, encoding);

const { version } = JSON.parse(read("pkg-template/package.json"));
const crate = /^version = "(.*)"$/m.exec(read("Cargo.toml"))?.[1];
const jsr = JSON.parse(read("pkg-template/jsr.json")).version;
if (version !== crate || version !== jsr) {
  throw new Error(`package.json says ${version}, jsr.json says ${jsr}, Cargo.toml says ${crate}`);
}

rmSync(root + "pkg", { recursive: true, force: true });
cpSync(root + "pkg-template", root + "pkg", { recursive: true });
for (const file of ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"]) cpSync(root + file, `${root}pkg/${file}`);
cpSync(root + "target/glue/core.d.ts", root + "pkg/core.d.ts"); // for the type check; not packed

optimize(`${root}target/glue/core`, `${root}pkg/core`);
writeFileSync(root + "pkg/core_base64.js", `export default "${read("pkg/core_bg.wasm", "base64")}";\n`);

rmSync(root + "target/npm", { recursive: true, force: true });
mkdirSync(root + "target/npm", { recursive: true });
const args = ["pack", "--silent", "--pack-destination", root + "target/npm"];
console.log(`target/npm/${execFileSync("npm", args, { cwd: root + "pkg", encoding: "utf8" }).trim()}`);
