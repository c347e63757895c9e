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
classes=$work/classes
deadline_s=300
# shellcheck source=tests/interop/broker.sh
. "$here/broker.sh"
trap 'kill_broker; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

javac -encoding UTF-8 -d "$classes" -cp "$jars/*" "$here/Capture.java"
start_broker

mkdir -p "$work/out"
run_java Capture fill "$bootstrap" "$work/out"
end_broker

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
