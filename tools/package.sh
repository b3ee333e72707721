#!/usr/bin/env bash
# Builds the module with wasm-pack and completes it to the npm package: pkg/, and packed in target/npm/.
source "$(dirname "${BASH_SOURCE[0]}")/paths.sh"

# No path of the machine in what is shipped, and the same bytes wherever it is built.
export RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$root=."

wasm-pack --quiet build --release --target web --no-pack --out-name core --out-dir target/glue
node tools/package.mjs
