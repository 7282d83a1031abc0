#!/usr/bin/env bash
# The four steps one by one, on a small simulated ICU: each step can be run again, or on another
# machine, from the output of the one before.
# Usage: samples/steps.sh [OUTPUT]
set -euo pipefail
cd "$(dirname "$0")/.."

output=${1:-target/samples/steps}
tardiff() { java -jar target/tardiff-beam-*-direct.jar "$@"; }

tardiff ingest --source=simulated --stays=1200 --output="$output/ingest"
tardiff train --preset=quickstart --cohort="$output/ingest/cohort" --output="$output/train"
tardiff generate --sampleLabels=balanced --guidanceRules=mean_shift --guidanceScales=0.01 \
  --model="$output/train/model" --cohort="$output/ingest/cohort" --output="$output/generate"
tardiff evaluate --preset=quickstart --cohort="$output/ingest/cohort" \
  --synthetic="$output/generate/synthetic" --output="$output/evaluate"
