#!/usr/bin/env bash
# Submits a job to a Flink session cluster through its REST interface, and shows its state.
#
#   submit.sh submit [--cluster=url] [--parallelism=n] [--restarts=n] [--wait] <template> --option=value ...
#   submit.sh status|wait|metrics|cancel [--cluster=url] <job id or name>
#
# submit prints the job's id. The same command again, while its job runs, submits nothing. The
# Javadoc of io.tardiff.templates.flink.FlinkSession explains all options.
# Environment: JAR (the job jar; the one in target/, or in the usrlib of a Flink image, if not set),
# JAVA_HOME.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

if [ -z "${JAR:-}" ]; then
  for candidate in "$here"/target/tardiff-beam-*-flink.jar /opt/flink/usrlib/tardiff-beam-*-flink.jar; do
    if [ -f "$candidate" ]; then JAR=$candidate; fi
  done
fi
if [ ! -f "${JAR:-}" ]; then
  echo "JAR must be the job jar tardiff-beam-<version>-flink.jar, was ${JAR:-not set and is not in $here/target}: mvn package makes it" >&2
  exit 2
fi
command -v "$java" >/dev/null || {
  echo "java is not there: install a Java 17 or set JAVA_HOME" >&2
  exit 2
}
exec "$java" -cp "$JAR" io.tardiff.templates.flink.FlinkSession "$@"
