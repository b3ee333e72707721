#!/usr/bin/env bash
# Installs what a machine with rustup, Node and npm lacks. `install.sh browser` adds Chromium and Firefox. Quick when all is there.
source "$(dirname "${BASH_SOURCE[0]}")/paths.sh"

say() { printf '\n==> %s\n' "$*"; }

# cargo_tool <crate> <version> [flags]: at the lowest optimisation that is worth its time; these tools run for seconds.
cargo_tool() {
  local crate=$1 version=$2 && shift 2
  [ -d "$kept/$crate-$version/bin" ] && return
  say "cargo install $crate $version (a minute or two, once)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$kept/build" RUSTFLAGS="" cargo install "$crate" --version "$version" --root "$kept/$crate-$version" "$@"
  rm -rf "$kept/build"
}

if ! rustup target list --installed | grep -q wasm32-unknown-unknown; then
  say "rustup target add wasm32-unknown-unknown"
  rustup target add wasm32-unknown-unknown
fi
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt

cargo_tool wasm-pack "$wasm_pack" --locked
cargo_tool wasm-bindgen-cli "$wasm_bindgen" # its own lock file names a crate that not every registry has

if ! [ tests/node_modules/.package-lock.json -nt tests/package-lock.json ]; then
  say "npm ci in tests/"
  (cd tests && npm ci --no-audit --no-fund --loglevel=error)
  touch tests/node_modules/.package-lock.json
fi
"$node22" --version >/dev/null || { echo "tests/node_modules/node22 does not run: npm must be allowed to run install scripts" >&2; exit 1; }

[ "${1:-}" = browser ] || exit 0
missing=()
command -v chromium >/dev/null && command -v chromedriver >/dev/null || missing+=(chromium chromium-driver)
command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing+=(firefox-esr)
if [ ${#missing[@]} != 0 ]; then
  say "apt-get install ${missing[*]}"
  command -v apt-get >/dev/null || { echo "install Chromium, chromedriver and Firefox, then run this again" >&2; exit 1; }
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -q
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
fi
command -v geckodriver >/dev/null || cargo_tool geckodriver "$geckodriver" --locked
