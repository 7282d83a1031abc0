#!/usr/bin/env bash
# All steps on Flink, on a simulated ICU: a session cluster of processes on this machine, a job
# through its REST interface, and its metrics. src/site/markdown/flink.md shows the output.
# Usage: samples/flink.sh [OUTPUT] [more options]
set -euo pipefail
cd "$(dirname "$0")/.."

output=$(realpath -m "${1:-target/samples/flink}")
shift || true
if ! ls target/tardiff-beam-*-flink.jar target/flink-lib target/flink-home >/dev/null 2>&1; then
  mvn -q package -DskipTests
fi

templates/flink/session-cluster.sh start
trap 'templates/flink/session-cluster.sh stop' EXIT
job=$(templates/flink/submit.sh submit tardiff \
  --source=simulated \
  --preset=quickstart \
  --output="$output" "$@")
templates/flink/submit.sh wait "$job"
templates/flink/submit.sh metrics "$job"
