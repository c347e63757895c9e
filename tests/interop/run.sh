#!/usr/bin/env bash
# Real Apache Kafka reads what the programs write: tests/interop/run.sh [BIN_DIR]
#
# Fills a throw-away store with the programs in BIN_DIR (target/release by default): every codec,
# keys, headers and nulls, several partitions, several producers at once, one of them killed. Then
# Kafka's own dump tool goes over every byte of it (dump-log.sh): topics, `meta` and `cursors`.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "${1:-$here/../../target/release}" && pwd)
work=$(mktemp -d)
export STREAMPATH_HOME=$work/store
running=()

clean_up() {
    for process in "${running[@]+"${running[@]}"}"; do
        kill -KILL "$process" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'say "line $LINENO failed: $BASH_COMMAND" >&2' ERR
trap 'exit 130' INT
trap 'exit 143' TERM

say() {
    printf 'interop: %s\n' "$*"
}
fail() {
    say "$*" >&2
    exit 1
}

# lines NAME COUNT: JSON lines that tell their producer and number.
lines() {
    awk -v name="$1" -v count="$2" 'BEGIN {
        for (i = 0; i < count; i++)
            printf "{\"producer\":\"%s\",\"number\":%d,\"load\":%.3f}\n", name, i, (i * 7919 % 1000) / 10
    }'
}
produce() {
    local topic=$1 codec=$2
    shift 2
    "$bin/console-producer" --topic "/interop:$topic" --compression-codec "$codec" "$@"
}
# held TOPIC: how many records the topic holds.
held() {
    "$bin/console-consumer" --topic "/interop:$1" --from beginning --until end \
        --formatter-property print.value=false --formatter-property print.offset=true \
        2>/dev/null | wc -l
}

"$bin/streamctl" stream create -path /interop

tab=$'\t'
for codec in none gzip snappy lz4 zstd; do
    "$bin/streamctl" stream topic create -path /interop -topic "$codec" -partitions 3

    # Many plain lines, one line alone, lines with keys.
    lines plain 20000 | produce "$codec" "$codec"
    echo "one line" | produce "$codec" "$codec" --request-required-acks 1
    lines keyed 2000 | awk '{ print "key" NR % 17 ":" $0 }' |
        produce "$codec" "$codec" --reader-property parse.key=true --reader-property key.separator=:

    # Headers, null and empty: keys, values, header values; no header at all; a long value.
    {
        printf 'h1:v1,h2:NULL,h1:again,empty:%skey%svalue\n' "$tab" "$tab"
        printf 'h:v%sNULL%sno key\n' "$tab" "$tab"
        printf 'h:v%skey%sNULL\n' "$tab" "$tab"
        printf 'NULL%sNULL%sNULL\n' "$tab" "$tab"
        printf 'NULL%s%s\n' "$tab" "$tab"
        printf 'NULL%slong%s%s\n' "$tab" "$tab" "$(head -c 300000 /dev/zero | tr '\0' x)"
    } | produce "$codec" "$codec" --reader-property parse.key=true \
        --reader-property parse.headers=true --reader-property null.marker=NULL

    expected=$((20000 + 1 + 2000 + 6))
    found=$(held "$codec")
    [ "$found" -eq "$expected" ] || fail "$codec: $found records, not $expected"
done
say "five codecs written and read back"

# Several producers on one topic, one of them killed in the middle of a stream without end.
"$bin/streamctl" stream topic create -path /interop -topic shared -partitions 3
for name in first second third; do
    lines "$name" 30000 | produce shared none --request-required-acks 1 &
    running+=($!)
done
mkfifo "$work/endless"
lines endless 100000000 >"$work/endless" 2>/dev/null &
feeder=$!
# Not through a function: it is the program itself that has to be killed.
"$bin/console-producer" --topic /interop:shared --compression-codec zstd --request-required-acks 1 \
    --report-acks <"$work/endless" >"$work/acks" &
victim=$!
for _ in $(seq 1000); do
    [ -s "$work/acks" ] && break
    sleep 0.01
done
[ -s "$work/acks" ] || fail "the producer that was to be killed never stored anything"
kill -KILL "$victim"
wait "$victim" 2>/dev/null || true
kill "$feeder" 2>/dev/null || true
wait "$feeder" 2>/dev/null || true
for process in "${running[@]}"; do
    wait "$process" || fail "a producer failed beside one that was killed"
done
running=()
echo "after" | produce shared gzip
found=$(held shared)
[ "$found" -gt 90001 ] || fail "shared: only $found records"
say "several producers, one killed: $found records"

"$bin/streamctl" store check || fail "our own check found damage"

bash "$here/dump-log.sh" "$STREAMPATH_HOME" | tee "$work/judged"
for codec in none gzip snappy lz4 zstd; do
    grep -q " $codec:" "$work/judged" || fail "no batch of codec $codec was looked at"
done
[ -d "$STREAMPATH_HOME/interop/meta/0" ] || fail "there is no meta log"
say "Kafka's own tool finds every batch valid"
