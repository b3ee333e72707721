#!/usr/bin/env bash
# Builds the package a second time, from a copy in another folder, and compares the bytes with those in target/npm/.
source "$(dirname "${BASH_SOURCE[0]}")/paths.sh"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
ln -s "$root/tests/node_modules" "$copy/tests/node_modules"
"$copy/tools/package.sh" >/dev/null

for packed in target/npm/*.tgz; do
  cmp "$packed" "$copy/$packed"
done
sha256sum target/npm/*.tgz
