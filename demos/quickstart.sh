#!/usr/bin/env bash
# The tutorial's session, as printed in the tutorials: bash demos/quickstart.sh
#
# Builds the programs, makes a throw-away store, gives the programs their old names, and runs the
# commands. A line that begins with `$` is a command, one that begins with `>` is typed into the
# producer (which shows its prompt only to a person), everything else is what the programs print.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --quiet --bins
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
work=$(mktemp -d)
export STREAMPATH_HOME=$work/store
consumer=
producer=

clean_up() {
    for process in $consumer $producer; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

show() {
    printf '\n$ %s\n' "$1"
}
run() {
    show "$1"
    eval "$1"
}

# Waits until a command succeeds, for at most ten seconds.
until_so() {
    local what=$1
    shift
    for _ in $(seq 1000); do
        if "$@" 2>/dev/null; then
            return
        fi
        sleep 0.01
    done
    echo "quickstart: $what" >&2
    exit 1
}

echo "The old names, in a folder of their own, and a store that is thrown away afterwards:"
show "streamctl links DIR"
"$target/release/streamctl" links "$work/bin"
export PATH=$work/bin:$PATH
cd "$work/bin"

run 'maprcli stream create -path /sample-stream'
run 'maprcli stream topic create -path /sample-stream  -topic fast-messages --partitions 3'
run 'maprcli stream topic list -path /sample-stream'

# The consumer, in the background, its lines shown as they come.
consume='./kafka-console-consumer.sh --bootstrap-server 127.0.0.1:9092 --topic /sample-stream:fast-messages'
show "$consume &"
: >"$work/seen"
mkfifo "$work/lines"
tee "$work/seen" <"$work/lines" &
$consume >"$work/lines" 2>"$work/count" &
consumer=$!
# It has its place in the topic, the end, once it watches for changes.
watches() {
    if [ -d "/proc/$consumer/fdinfo" ]; then
        grep -qs '^inotify' "/proc/$consumer"/fdinfo/*
    else
        sleep 1
    fi
}
until_so "the consumer never began to wait" watches

# The producer, typed into line by line: a line has arrived before the next is typed.
produce='./kafka-console-producer.sh --broker-list 127.0.0.1:9092 --topic /sample-stream:fast-messages'
show "$produce"
mkfifo "$work/typed"
$produce <"$work/typed" &
producer=$!
exec 4>"$work/typed"
for line in 'Hello, stream' 'no broker was started' 'and none was stopped'; do
    echo ">$line"
    echo "$line" >&4
    until_so "\`$line\` did not arrive" grep -qxF "$line" "$work/seen"
done
exec 4>&-
wait "$producer"
producer=

# Control-C would do; but what a script starts in the background is deaf to it.
printf '\n(the consumer is told to stop)\n'
kill -TERM "$consumer"
wait "$consumer" || true
consumer=
wait
cat "$work/count"
