#!/usr/bin/env bash
# Captures segments from a real Apache Kafka broker: tests/interop/capture.sh [OUT_DIR]
#
# Starts one KRaft node on loopback with a throw-away log folder, fills its topics (Capture.java),
# stops it, and copies the segments with what Java's consumer read beside them. OUT_DIR is
# tests/data/kafka-4.1 by default: run by hand, and the result checked in. Takes about a minute;
# after five the broker is killed whatever it does.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../data/kafka-4.1}
jars=$(bash "$here/kafka-jars.sh")
work=$(mktemp -d)
broker=

stop_broker() {
    if [ -n "$broker" ]; then
        kill -KILL "$broker" 2>/dev/null || true
        wait "$broker" 2>/dev/null || true
        broker=
    fi
}
trap 'stop_broker; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

javac -d "$work/classes" -cp "$jars/*" "$here/Capture.java"
run_java() {
    timeout --kill-after=5 240 java -Xmx512m -Djava.net.preferIPv4Stack=true \
        -cp "$work/classes:$jars/*" "$@"
}

mapfile -t port < <(run_java Capture ports 2)
cat >"$work/server.properties" <<CONFIG
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${port[1]}
listeners=PLAINTEXT://127.0.0.1:${port[0]},CONTROLLER://127.0.0.1:${port[1]}
advertised.listeners=PLAINTEXT://127.0.0.1:${port[0]}
controller.listener.names=CONTROLLER
log.dirs=$work/logs
num.partitions=1
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.cleaner.backoff.ms=200
log.retention.ms=-1
log.initial.task.delay.ms=1
CONFIG

run_java kafka.tools.StorageTool format --config "$work/server.properties" \
    --cluster-id c3RyZWFtcGF0aC10ZXN0MQ >"$work/format.txt"

# Not through run_java: the process to be killed is the broker's own.
timeout --kill-after=5 300 java -Xmx512m -Djava.net.preferIPv4Stack=true -cp "$jars/*" \
    kafka.Kafka "$work/server.properties" >"$work/broker.txt" 2>&1 &
broker=$!

for _ in $(seq 300); do
    if (exec 3<>"/dev/tcp/127.0.0.1/${port[0]}") 2>/dev/null; then
        break
    fi
    if ! kill -0 "$broker" 2>/dev/null; then
        echo "capture: the broker ended at once:" >&2
        tail -30 "$work/broker.txt" >&2
        exit 1
    fi
    sleep 0.1
done

mkdir -p "$work/out"
run_java Capture fill "127.0.0.1:${port[0]}" "$work/out"

kill -TERM "$broker"
wait "$broker" || true
broker=

mkdir -p "$out"
rm -f "$out"/*.log "$out"/*.json
cp "$work/out"/*.json "$out/"
for topic in none gzip snappy lz4 zstd append-time idempotent transactions; do
    cp "$work/logs/$topic-0/00000000000000000000.log" "$out/$topic.log"
done
# Several segments each: the base offset stays in the name.
for topic in rolled compacted; do
    for segment in "$work/logs/$topic-0"/*.log; do
        cp "$segment" "$out/$topic-$(basename "$segment")"
    done
done
chmod 644 "$out"/*.log "$out"/*.json
ls -l "$out"
