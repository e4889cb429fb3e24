#!/usr/bin/env bash
# Runs every fuzz target of the module for the given time. A finding is kept by go test under testdata/fuzz and fails this script.
set -euo pipefail
time=${1:-60s}
failed=0
while IFS=: read -r file _ line; do
  target=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]+).*/\1/' <<<"$line")
  dir=./$(dirname "$file")
  echo "== $dir $target"
  nice go test -tags migrated_fynedo -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x "$dir" || failed=1
done < <(grep -rnE '^func Fuzz[A-Za-z0-9_]+\(f \*testing\.F\)' --include='*_test.go' . | sed 's|^\./||')
exit $failed
