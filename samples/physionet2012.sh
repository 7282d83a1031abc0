#!/usr/bin/env bash
# All steps on the PhysioNet/CinC Challenge 2012, set A (open access):
#   https://physionet.org/content/challenge-2012/1.0.0/
# INPUT holds Outcomes-a.txt and set-a/.
# Usage: samples/physionet2012.sh INPUT [OUTPUT] [more options]
set -euo pipefail

input=$(realpath "${1:?the directory with Outcomes-a.txt and set-a/}")
cd "$(dirname "$0")/.."
output=${2:-target/samples/physionet2012}
shift $(($# < 2 ? $# : 2))
exec java -jar target/tardiff-beam-*-direct.jar tardiff \
  --source=physionet2012 \
  --input="$input" \
  --output="$output" "$@"
