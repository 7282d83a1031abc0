#!/usr/bin/env bash
# A real Flink session cluster on this machine: a JobManager and TaskManagers, each a process of its
# own, with TensorFlow on Flink's class path. Made of what `mvn package` leaves in target/.
#
#   session-cluster.sh start [TASKMANAGERS] [-D key=value ...]   default: 2 TaskManagers
#   session-cluster.sh taskmanager N [-D key=value ...]          one (more) TaskManager, number N
#   session-cluster.sh jobmanager                                the JobManager again, after it was killed
#   session-cluster.sh kill N|jobmanager                         kill -9 of TaskManager N or of the JobManager
#   session-cluster.sh status                                    what runs, and its slots
#   session-cluster.sh stop
#
# -D sets any option of Flink, such as -D rest.port=8082, -D heartbeat.timeout=10000 or
# -D env.java.opts.taskmanager=-XX:+UseSerialGC.
# Environment: STATE (logs, process ids, configuration; target/flink-session if not set),
# LIB (Flink's jars; target/flink-home/lib), TENSORFLOW (target/flink-lib; empty for none),
# TASKMANAGER_HEAP (1g), JAVA_HOME.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
state=${STATE:-$here/target/flink-session}
lib=${LIB:-$here/target/flink-home/lib}
tensorflow=${TENSORFLOW-$here/target/flink-lib}
heap=${TASKMANAGER_HEAP:-1g}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

fail() {
  echo "$*" >&2
  exit 1
}

class_path() {
  compgen -G "$lib/*.jar" >/dev/null || fail "LIB=$lib holds no jar: run mvn package first"
  if [ -n "$tensorflow" ]; then
    compgen -G "$tensorflow/*.jar" >/dev/null ||
      fail "TENSORFLOW=$tensorflow holds no jar: run mvn package first"
    echo "$lib/*:$tensorflow/*"
  else
    echo "$lib/*"
  fi
}

# Whether the process noted in a file is there.
runs() {
  [ -f "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null
}

option() {
  sed -n "s/^$1: //p" "$state/conf/config.yaml" | tail -1
}

# Writes the configuration; what follows as -D key=value wins.
configure() {
  mkdir -p "$state/conf" "$state/log" "$state/tmp" "$state/upload"
  {
    cat <<CONF
jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: 6123
jobmanager.bind-host: 127.0.0.1
jobmanager.memory.process.size: 1024m
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: 8081
taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.numberOfTaskSlots: 2
taskmanager.network.sort-shuffle.min-buffers: 64
web.upload.dir: $state/upload
io.tmp.dirs: $state/tmp
restart-strategy.type: exponential-delay
restart-strategy.exponential-delay.attempts-before-reset-backoff: 3
restart-strategy.exponential-delay.initial-backoff: 5 s
execution.batch.adaptive.auto-parallelism.enabled: false
CONF
    local setting
    for setting in "$@"; do echo "${setting%%=*}: ${setting#*=}"; done
  } | awk -F': ' '{ if (!($1 in value)) order[++n] = $1; value[$1] = substr($0, length($1) + 3) }
      END { for (i = 1; i <= n; i++) print order[i] ": " value[order[i]] }' >"$state/conf/config.yaml"
}

# launch NAME JVM-OPTIONS CLASS ARGUMENT...
launch() {
  local name=$1 options
  # Separated by blanks, as in Flink's own start scripts; of two that set the same, Java takes the last.
  read -ra options <<<"$2 $(option env.java.opts.all) $(option "env.java.opts.${name%-*}")"
  shift 2
  # What Flink's own start scripts open to Java 17.
  "$java" \
    --add-exports=java.base/sun.net.util=ALL-UNNAMED \
    --add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED \
    --add-opens=java.base/java.lang=ALL-UNNAMED \
    --add-opens=java.base/java.net=ALL-UNNAMED \
    --add-opens=java.base/java.io=ALL-UNNAMED \
    --add-opens=java.base/java.nio=ALL-UNNAMED \
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
    --add-opens=java.base/java.text=ALL-UNNAMED \
    --add-opens=java.base/java.time=ALL-UNNAMED \
    --add-opens=java.base/java.util=ALL-UNNAMED \
    --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
    --add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED \
    --add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED \
    -Dlog.file="$state/log/$name.log" \
    -Dorg.slf4j.simpleLogger.showDateTime=true \
    -Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS \
    "${options[@]}" -cp "$(class_path)" "$@" >>"$state/log/$name.log" 2>&1 </dev/null &
  echo $! >"$state/$name.pid"
}

job_manager() {
  launch jobmanager "-Xmx768m -XX:MaxMetaspaceSize=256m" \
    org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
    --configDir "$state/conf" --executionMode cluster
}

task_manager() {
  if runs "$state/taskmanager-$1.pid"; then fail "TaskManager $1 runs already"; fi
  # Flink's start scripts compute the sizes of memory; who starts the class must say each.
  launch "taskmanager-$1" \
    "-Xms256m -Xmx$heap -XX:MaxDirectMemorySize=1g -XX:MaxMetaspaceSize=512m" \
    org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir "$state/conf" \
    -D "taskmanager.resource-id=taskmanager-$1" -D taskmanager.cpu.cores=2.0 \
    -D "taskmanager.memory.task.heap.size=$heap" -D taskmanager.memory.framework.heap.size=128m \
    -D taskmanager.memory.task.off-heap.size=256m \
    -D taskmanager.memory.framework.off-heap.size=128m \
    -D taskmanager.memory.network.min=256m -D taskmanager.memory.network.max=256m \
    -D taskmanager.memory.managed.size=256m -D taskmanager.memory.jvm-metaspace.size=512m \
    -D taskmanager.memory.jvm-overhead.min=192m -D taskmanager.memory.jvm-overhead.max=192m
}

overview() {
  curl -sf --max-time 5 "http://$(option rest.address):$(option rest.port)/overview"
}

number() {
  sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

# Until that many TaskManagers have registered.
await() {
  local there
  for _ in $(seq 1 120); do
    there=$(overview | number taskmanagers || true)
    if [ -n "$there" ] && [ "$there" -ge "$1" ]; then
      status
      return
    fi
    runs "$state/jobmanager.pid" || fail "The JobManager has ended: $(grep -m1 Exception "$state/log/jobmanager.log")"
    sleep 0.5
  done
  fail "Only ${there:-0} of $1 TaskManagers are there after 60 seconds; see $state/log"
}

status() {
  runs "$state/jobmanager.pid" || fail "No cluster of $state runs."
  local seen
  seen=$(overview) || fail "The JobManager of $state runs but does not answer yet."
  echo "http://$(option rest.address):$(option rest.port): $(number taskmanagers <<<"$seen")" \
    "TaskManagers, $(number slots-available <<<"$seen") of $(number slots-total <<<"$seen") slots free"
}

stop() {
  local file pid
  for file in "$state"/taskmanager-*.pid "$state/jobmanager.pid"; do
    runs "$file" && kill "$(cat "$file")"
  done
  for file in "$state"/taskmanager-*.pid "$state/jobmanager.pid"; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    for _ in $(seq 1 40); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.25
    done
    if kill -0 "$pid" 2>/dev/null; then kill -9 "$pid"; fi
    rm -f "$file"
  done
}

command=${1:-}
[ $# -eq 0 ] || shift
number=
if [ $# -gt 0 ] && [ "$1" != -D ]; then
  number=$1
  shift
  case $command-$number in
    kill-jobmanager) ;;
    *- | *-*[!0-9]*) fail "The number of TaskManagers or of one must be a whole number, was $number" ;;
  esac
fi
settings=()
while [ $# -gt 0 ]; do
  if [ "$1" != -D ] || [[ ${2:-} != *=* ]]; then fail "What follows must be -D key=value, was $*"; fi
  settings+=("$2")
  shift 2
done

case $command in
  start)
    if runs "$state/jobmanager.pid"; then fail "A cluster of $state runs already."; fi
    class_path >/dev/null
    configure ${settings[@]+"${settings[@]}"}
    rm -f "$state"/log/*.log
    job_manager
    for i in $(seq 1 "${number:-2}"); do task_manager "$i"; done
    await "${number:-2}"
    ;;
  taskmanager)
    runs "$state/jobmanager.pid" || fail "No cluster of $state runs."
    task_manager "${number:?the number of the TaskManager}"
    ;;
  jobmanager)
    if runs "$state/jobmanager.pid"; then fail "The JobManager of $state runs already."; fi
    [ -f "$state/conf/config.yaml" ] || fail "No cluster of $state was started."
    job_manager
    ;;
  kill)
    case ${number:?the number of the TaskManager, or jobmanager} in
      jobmanager) process=jobmanager ;;
      *) process=taskmanager-$number ;;
    esac
    file=$state/$process.pid
    runs "$file" || fail "The process $process does not run."
    kill -9 "$(cat "$file")"
    rm "$file"
    ;;
  status) status ;;
  stop) stop ;;
  *)
    sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
