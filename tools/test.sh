#!/usr/bin/env bash
# All tests, one stage after the other, the quick ones first. Goes on after a failure, and fails at the end.
source "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
set +e

passed=0 failed=()

# stage <what> <command...>
stage() {
  local what=$1 start=$SECONDS && shift
  printf '\n==> %s\n' "$what"
  if "$@"; then
    passed=$((passed + 1)) && printf '    %s: passed after %s s\n' "$what" $((SECONDS - start))
  else
    failed+=("$what") && printf '    %s: FAILED after %s s\n' "$what" $((SECONDS - start))
  fi
}

wasm=(--target wasm32-unknown-unknown)
docs() { RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps "$@"; }
# The test build takes errors.js from pkg-template/.
# Without a word the runner passes over tests that are for the other host, so their number is looked at.
wasm_pack_test() {
  CHROMEDRIVER=$(command -v chromedriver) GECKODRIVER=$(command -v geckodriver) wasm-pack test "$@" --test wasm --features uninstalled 2>&1 | tee target/wasm_tests.log
  [ "${PIPESTATUS[0]}" = 0 ] && grep -q '^test result: ok. [1-9]' target/wasm_tests.log
}
in_browser() { WASM_BINDGEN_USE_BROWSER=1 wasm_pack_test --headless "$@"; }
types() {
  tsc --project tests/tsconfig.json || return
  for modes in "node16 node16" "nodenext nodenext" "esnext bundler"; do
    read -r module resolution <<<"$modes"
    tsc --project tests/types/tsconfig.json --module "$module" --moduleResolution "$resolution" || return
  done
}

stage "format" cargo fmt --check
stage "clippy" cargo clippy --quiet --all-targets -- -D warnings
stage "clippy for WebAssembly" cargo clippy --quiet "${wasm[@]}" --all-targets --features uninstalled -- -D warnings
stage "documentation" docs
stage "documentation for WebAssembly" docs --document-private-items "${wasm[@]}"
stage "native tests" cargo test --quiet
stage "wasm-bindgen tests in Node" wasm_pack_test --node
stage "wasm-bindgen tests in headless Chrome" in_browser --chrome
stage "wasm-bindgen tests in headless Firefox" in_browser --firefox
stage "package" tools/package.sh
stage "size" node tools/size.mjs
stage "the same bytes from another folder" tools/reproduce.sh
stage "types" types
stage "publint" publint --strict pkg
stage "are the types wrong" attw target/npm/*.tgz --config-path tests/package/attw.json
stage "package contents" node --test tests/package/
stage "token endpoint emulator" node --test --test-timeout=120000 tests/endpoint/
stage "runtimes" "$node22" tests/runtimes/run.mjs
stage "consumers" "$node22" tests/consumers/run.mjs
stage "browsers" "$node22" tests/www/run.mjs
stage "README's table of runtimes" node tools/matrix.mjs --check
stage "demo" "$node22" examples/demo.mjs

[ ${#failed[@]} = 0 ] || printf '\nFailed: %s' "${failed[@]}"
printf '\nstages: %s passed, %s failed\n' "$passed" ${#failed[@]}
[ ${#failed[@]} = 0 ]
