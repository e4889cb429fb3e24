#!/usr/bin/env bash
# Ours beside the peers that are installed, in one run. Timings are noisy: read the ratios.
set -euo pipefail
exec go run ./bench "$@"
