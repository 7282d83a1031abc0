#!/usr/bin/env bash
# Runs the tests in this directory in a virtual environment in target/python: third-party libraries
# read the output of a run, and Beam's Python SDK runs the samples. Needs the jars of `mvn package` and
# of its profile expansion-service; tests whose jar is missing are skipped. Arguments are passed to
# pytest. TARDIFF_TENSORFLOW=1 also installs TensorFlow (1.4 GB), to load the SavedModels.
set -euo pipefail
cd "$(dirname "$0")/../../.."

if ! python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2> /dev/null; then
  echo 'Python tests are skipped: python3 is missing or older than 3.10'
  exit 0
fi
python=target/python/bin/python
python3 -m venv target/python
requirements=(-r src/test/python/requirements.txt)
if [ -n "${TARDIFF_TENSORFLOW:-}" ]; then
  requirements+=('tensorflow-cpu==2.18.*')
fi
if ! $python -m pip install -q --disable-pip-version-check "${requirements[@]}"; then
  echo 'Python tests are skipped: pip cannot install their requirements'
  exit 0
fi
$python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation ./src/main/python
exec $python -m pytest -q src/test/python "$@"
