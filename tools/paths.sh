# Sourced by the other scripts: where the tools are. Those that cargo builds are kept outside the checkout, by version, so that
# the next checkout has them at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
kept=${XDG_CACHE_HOME:-$HOME/.cache}/anthropic-workload-identity

wasm_pack=0.15.1
geckodriver=0.37.1
wasm_bindgen=$(sed -n 's/^wasm-bindgen = "=\([0-9.]*\)".*/\1/p' Cargo.toml)

# Last, because one of the npm tools is a newer node.
export PATH="$kept/wasm-pack-$wasm_pack/bin:$kept/wasm-bindgen-cli-$wasm_bindgen/bin:$kept/geckodriver-$geckodriver/bin:$PATH:$root/tests/node_modules/.bin"
node22=$root/tests/node_modules/node22/bin/node
