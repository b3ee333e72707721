// What is done to the output of wasm-bindgen before it is shipped. Together a seventh of what a Worker deploys.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { binaryen, esbuild, wasmOpt } from "./npm_tools.mjs";

// Named one by one, because --all-features emits types that workerd rejects.
const FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);

// The standard library composes a text for every panic and prints it to a stderr that wasm32-unknown-unknown does not
// have. A panic stays what it is without the text: a trap.
const PANIC_TEXT = /::fmt::|panicking::|::panic_already|rust_begin_unwind|raw_vec::handle_error/;

// What only panics print, to the letter, because other texts follow without a gap; a path is followed by a zero.
const PANIC_ONLY = new RegExp(
  [
    String.raw`(?:/rustc|cargo|src)/[\w./-]+\.rs(?=\0)`,
    "`async fn` resumed after completion",
    "RefCell already (?:mutably )?borrowed",
    "LazyCell instance has previously been poisoned",
    "internal error: entered unreachable code",
    "Tried to shrink to a larger capacity",
    "capacity overflow",
  ].join("|"),
  "g",
);

/** @param {string} from path and stem of what wasm-bindgen wrote  @param {string} to the same of what is to be shipped */
export function optimize(from, to) {
  writeFileSync(`${to}_bg.wasm`, withoutTextsOfPanics(withoutPanicText(readFileSync(`${from}_bg.wasm`))));
  const names = shortenNames(`${to}_bg.wasm`);
  writeFileSync(`${to}.js`, renameInGlue(withMethods(readFileSync(`${from}.js`, "utf8")), names));
}

/**
 * What only those functions read. Zeros compress to nothing.
 *
 * @param {Uint8Array} wasm
 */
function withoutTextsOfPanics(wasm) {
  const text = Buffer.from(wasm).toString("latin1");
  if (text.search(PANIC_ONLY) < 0) throw new Error("the texts of panics have changed: see PANIC_ONLY");
  return Buffer.from(text.replace(PANIC_ONLY, (found) => "\0".repeat(found.length)), "latin1");
}

/**
 * `name: function(…)` as `name(…)`: a bundler that keeps the names of functions, as wrangler's does, adds a call to each of
 * the former.
 *
 * @param {string} glue
 */
function withMethods(glue) {
  return glue.replace(/^( +__\w+): function\(/gm, "$1(");
}

/** @param {Uint8Array} wasm */
function withoutPanicText(wasm) {
  const module = binaryen.readBinary(wasm);
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) => module.getFunctionByIndex(index));
  const texts = functions.filter((f) => !binaryen.getFunctionInfo(f).module && PANIC_TEXT.test(nameOf(f)));
  if (texts.length < 10) throw new Error("the names of functions have changed: see PANIC_TEXT");
  for (const f of texts) binaryen.Function.setBody(f, module.unreachable());
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** @param {number} f */
function nameOf(f) {
  return binaryen.getFunctionInfo(f).name;
}

/**
 * wasm-bindgen's names for what module and glue take from each other have a hash of sixteen digits, and hashes do not compress.
 *
 * @param {string} path
 * @returns {Record<string, string>} the new names by the old
 */
function shortenNames(path) {
  const smaller = ["--low-memory-unused", "-Oz", "--strip-producers", "--strip-target-features"];
  const args = [wasmOpt, path, ...FEATURES, ...smaller, "--minify-imports-and-exports-and-modules", "-o", path];
  /** @type {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }} */
  const { imports, exports } = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  const [[module]] = imports; // the one that all of them come from
  return Object.fromEntries([[module, "a"], ...imports.map(([, name, short]) => [name, short]), ...exports]);
}

/** @param {string} glue  @param {Record<string, string>} names */
function renameInGlue(glue, names) {
  const escaped = Object.keys(names).map((name) => name.replace(/[.\/$]/g, "\\$&"));
  return esbuild.transformSync(glue, {
    format: "esm",
    target: "es2022",
    minify: true, // nobody misses the white space of generated code, and Workers are deployed unminified by default
    mangleProps: new RegExp(`^(${escaped.join("|")})$`),
    mangleQuoted: true,
    mangleCache: names,
  }).code;
}
