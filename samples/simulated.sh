#!/usr/bin/env bash
# All steps on a simulated ICU: no data needed.
# Usage: samples/simulated.sh [OUTPUT] [more options]
set -euo pipefail
cd "$(dirname "$0")/.."

output=${1:-target/samples/simulated}
shift || true
exec java -jar target/tardiff-beam-*-direct.jar tardiff \
  --source=simulated \
  --stays=4000 \
  --purpose=augment \
  --guidanceScales=0.01,0.03,0.1 \
  --output="$output" "$@"
