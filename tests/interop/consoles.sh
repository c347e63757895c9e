#!/usr/bin/env bash
# The console programs beside Kafka's own: tests/interop/consoles.sh [BIN_DIR]
#
# Starts one KRaft node on loopback. The same input lines go through Kafka's console producer to it and
# through ours to a store; what Kafka's console consumer prints of the one and ours of the other has to
# be the same, partitions and offsets too. Then the broker's segments are laid into the store, so that
# both have the same records with the same timestamps, and every way of printing them has to give the
# same bytes. Kafka's programs are the classes of the release in pom.xml, unchanged.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "${1:-$here/../../target/release}" && pwd)
jars=$(bash "$here/kafka-jars.sh")
work=$(mktemp -d)
classes=$work/classes
deadline_s=200
export STREAMPATH_HOME=$work/store
# shellcheck source=tests/interop/broker.sh
. "$here/broker.sh"
trap 'kill_broker; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

tab=$'\t'
different=0

# case NAME PARTITIONS CONFIG ARGUMENT...: the input is standard input.
case_of() {
    local folder=$work/cases/$1
    mkdir -p "$folder/prints"
    echo "$2" >"$folder/partitions"
    echo "$3" >"$folder/config"
    cat >"$folder/input"
    : >"$folder/arguments"
    shift 3
    [ $# -eq 0 ] || printf '%s\0' "$@" >"$folder/arguments"
}
# print_of CASE PRINT ARGUMENT...: one way of printing what the case stored.
print_of() {
    local folder=$work/cases/$1/prints/$2
    mkdir -p "$folder"
    shift 2
    : >"$folder/arguments"
    [ $# -eq 0 ] || printf '%s\0' "$@" >"$folder/arguments"
}
# Every column but the time, which two runs do not share.
columns=(--property print.partition=true --property print.offset=true --property print.headers=true
    --property print.key=true --property 'key.separator=<|c|>' --property 'headers.separator=<|h|>'
    --property 'null.literal=<|null|>' --property 'line.separator=<|r|>')

# lines: 200 lines of every kind that the reader tells apart.
lines() {
    awk 'BEGIN {
        OFS = ""
        for (i = 0; i < 150; i++) {
            h = "h" i % 3 ":v" i ",k:" (i % 2 ? "x:y" : "")
            if (i % 5 == 0) print h "\tkey" i % 17 "\tvalue " i
            else if (i % 5 == 1) print "a:1,,b:2\tkey" i "\tvalue"
            else if (i % 5 == 2) print "no header separator\tkey" i "\t{\"a\":" i ",\"b\":[1,2]}"
            else if (i % 5 == 3) print "plain value " i
            else print "NULL\tNULL\tNULL"
        }
    }'
    printf '%s\n' '' "$tab" "$tab$tab" ":$tab$tab" ",${tab}k${tab}v" "a:1,${tab}k${tab}v" \
        "$tab${tab}only a value" "k:v$tab${tab}empty key" "k:v${tab}key$tab" \
        "h:NULL,g:v${tab}k${tab}NULL" "NULL${tab}k${tab}NULL" "NULL${tab}NULL${tab}v" 'NULL' \
        "a:1,a:2${tab}twice${tab}v" "k:v:w${tab}colon${tab}v" "  blanks  $tab  kept  $tab  v  " \
        'grüße ∅ 日本' "ü:ö,∅:🐟${tab}schlüssel${tab}wert" 'a "quoted" \ back\tslash' "'single'"
    printf 'cr\rcrlf\r\n\rlf\n\r\n'
    printf 'x%s\n' "$(head -c 30000 /dev/zero | tr '\0' y)"
    printf '\357\273\277a byte order mark\n'
    printf 'a|b|c%skey%sp|q\n' "$tab" "$tab"
    printf '%s\n' 'a:1;b:2|k#v' 'a:1;b:2|#v' 'a:1;;b:2|k#v' ';|k#v' '|k#v' 'NULL|NULL#NULL' '##' '#' '|' \
        'last words' 'last but one'
    printf 'no line end'
}

parse=(--property parse.key=true --property parse.headers=true)
lax=(--property ignore.error=true)
marker=(--property null.marker=NULL)
other=(--property 'headers.delimiter=|' --property 'headers.separator=;' --property 'key.separator=#')
lines | case_of plain 1 ''
# Lines without a key go where a producer likes: these have one.
lines | tr '\r' '\n' | grep "$tab" | case_of keyed 3 '' --property parse.key=true
lines | case_of lax 1 '' "${parse[@]}" "${lax[@]}"
lines | case_of marked 1 '' "${parse[@]}" "${lax[@]}" "${marker[@]}" --property null.marker=null
lines | case_of others 1 '' "${parse[@]}" "${lax[@]}" "${other[@]}"
lines | case_of longer 1 '' --property parse.key=true "${lax[@]}" --property 'key.separator=va'
lines | case_of no-key-separator 1 '' --property parse.key=true --property key.separator=
lines | case_of empty-marker 1 '' --property parse.key=true "${lax[@]}" --property null.marker=
# A header for each character: not for 30,000 of them, and Java halves the fish, which the broker refuses.
lines | awk 'length < 1000' | grep -av 🐟 |
    case_of alternation 1 '' "${parse[@]}" "${lax[@]}" --property 'headers.separator=|'
lines | case_of any-character 1 '' "${parse[@]}" "${lax[@]}" --property 'headers.separator=.'
lines | case_of class-of-characters 1 '' "${parse[@]}" "${lax[@]}" --property 'headers.separator=[,;1-4]+'
lines | case_of not-true 1 '' --property parse.key=yes --property parse.headers=1
lines | case_of stamped 1 message.timestamp.type=LogAppendTime --property parse.key=true "${lax[@]}"
lines | case_of sync 1 '' --sync --timeout 0 --compression-codec zstd
# What ends the program: what came before is stored.
printf 'a:1%sk%sv\nb:2%sk%sv\nbroken\nc:3%sk%sv\n' "$tab" "$tab" "$tab" "$tab" "$tab" "$tab" |
    case_of stops-at-headers 1 '' "${parse[@]}"
printf 'k%sv\nbroken\nk%sw\n' "$tab" "$tab" | case_of stops-at-key 1 '' --property parse.key=true
printf 'a:1%sv\nb%sv\n' "$tab" "$tab" | case_of stops-at-pair 1 '' --property parse.headers=true
printf 'NULL:1%sv\n' "$tab" |
    case_of stops-at-null-header 1 '' --property parse.headers=true "${marker[@]}"
echo x | case_of equal-separators 1 '' --property headers.separator=:
echo x | case_of two-spellings 1 '' --producer-property acks=1 --producer.config /dev/null --sync
printf '\377a\303\nb\n' | case_of not-text 1 '' --property charset=utf8-lossy
: | case_of nothing 1 ''
# Values for the deserializers: 4 and 8 bytes that are text, identities.
printf '%s\n' 'abcdabcd' '00000000' '~~~~~~~~' | case_of eight 1 '' --property parse.key=true \
    "${lax[@]}"
printf '%s\n' 'abcd' '0000' '~~~~' | case_of four 1 ''
printf '%s\n' '0f0e0d0c-0b0a-0908-0706-050403020100' 'ABCDEF01-2-3-4-5' | case_of identity 1 ''

for folder in "$work"/cases/*; do
    print_of "$(basename "$folder")" columns "${columns[@]}"
done
s=org.apache.kafka.common.serialization
for name in lax stamped; do
    print_of $name default
    print_of $name value-only --property print.timestamp=false
    print_of $name time --property print.timestamp=true
    print_of $name everything --property print.timestamp=true --property print.partition=true \
        --property print.offset=true --property print.headers=true --property print.key=true \
        --property print.epoch=true --property print.delivery=true
    print_of $name no-value --property print.value=false --property print.key=true
    print_of $name nothing --property print.value=false
    print_of $name separators --property print.key=true --property key.separator= \
        --property line.separator='\n' --property null.literal=∅ --property print.headers=true
    print_of $name noop --formatter org.apache.kafka.tools.consumer.NoOpMessageFormatter
    print_of $name logging --formatter org.apache.kafka.tools.consumer.LoggingMessageFormatter
    print_of $name strings --property print.key=true \
        --property key.deserializer=$s.StringDeserializer \
        --property value.deserializer=$s.StringDeserializer
    print_of $name bytes --property print.key=true --property value.deserializer=$s.BytesDeserializer
done
print_of eight long --property value.deserializer=$s.LongDeserializer
print_of eight double --property value.deserializer=$s.DoubleDeserializer
print_of four integer --property value.deserializer=$s.IntegerDeserializer
print_of four float --property value.deserializer=$s.FloatDeserializer
print_of identity uuid --property value.deserializer=$s.UUIDDeserializer

javac -encoding UTF-8 -d "$classes" -cp "$jars/*" "$here/Capture.java" "$here/Consoles.java"
start_broker
run_java Consoles "$bootstrap" "$work/cases" >"$work/consoles.txt" 2>&1 || {
    tail -20 "$work/consoles.txt" >&2
    exit 1
}
end_broker

# judge WHAT KAFKAS OURS
judge() {
    if ! cmp -s "$2" "$3"; then
        different=$((different + 1))
        echo "consoles: $1 differs: Kafka's, ours" >&2
        diff <(tr '\0' '0' <"$2" | sed 's/<|r|>/&\n/g' | cut -c1-300 | cat -A) \
            <(tr '\0' '0' <"$3" | sed 's/<|r|>/&\n/g' | cut -c1-300 | cat -A) | head -12 >&2 || true
    fi
}
# printed CASE PRINT: what ours prints of the whole topic.
printed() {
    local partition count arguments
    mapfile -d '' -t arguments <"$work/cases/$1/prints/$2/arguments"
    count=$(cat "$work/cases/$1/partitions")
    for partition in $(seq 0 $((count - 1))); do
        "$bin/console-consumer" --bootstrap-server 127.0.0.1:9092 --topic "/s:$1" \
            --partition "$partition" --from beginning --until end "${arguments[@]}" \
            2>>"$work/ours.log" || true
    done
}

"$bin/streamctl" stream create -path /s -ttl 0
cases=0
prints=0
for folder in "$work"/cases/*; do
    name=$(basename "$folder")
    cases=$((cases + 1))
    mapfile -d '' -t arguments <"$folder/arguments"
    type=createtime
    [ -z "$(cat "$folder/config")" ] || type=logappendtime
    "$bin/streamctl" stream topic create -path /s -topic "$name" -timestamptype "$type" \
        -partitions "$(cat "$folder/partitions")"
    status=0
    "$bin/console-producer" --bootstrap-server 127.0.0.1:9092 --topic "/s:$name" "${arguments[@]}" \
        <"$folder/input" >/dev/null 2>"$folder/ours.log" || status=$?
    # Kafka's tools end with 1 whatever is wrong; ours tell a wrong use (2) from a failure (1).
    kafkas=$(cat "$folder/status")
    if [ $((kafkas != 0)) -ne $((status != 0)) ]; then
        different=$((different + 1))
        echo "consoles: $name: Kafka's producer ended with $kafkas, ours with $status" >&2
        cat "$folder/ours.log" >&2
    fi
    # What Kafka's reader says of a line or of its properties, ours says too.
    said=$(sed -n 's/^.*KafkaException: //p' "$folder/log" | head -1)
    if [ -n "$said" ] && ! grep -qF -- "$said" "$folder/ours.log"; then
        different=$((different + 1))
        echo "consoles: $name: Kafka's producer says \`$said\`, ours:" >&2
        cat "$folder/ours.log" >&2
    fi
    printed "$name" columns >"$work/ours"
    judge "records of $name" "$folder/prints/columns/kafka" "$work/ours"

    # The broker's own file in the place of ours.
    if [ "$(cat "$folder/partitions")" -ne 1 ] || [ "$status" -ne 0 ]; then
        continue
    fi
    partition=$(find "$STREAMPATH_HOME/s/topics" -maxdepth 2 -path "*/$name~*/0")
    [ -n "$partition" ] || continue
    cp "$work/logs/$name-0/00000000000000000000.log" "$partition/"
    for print in "$folder"/prints/*; do
        printed "$name" "$(basename "$print")" >"$work/ours"
        judge "$name printed as $(basename "$print")" "$print/kafka" "$work/ours"
        prints=$((prints + 1))
    done
done
if [ "$different" -gt 0 ]; then
    echo "consoles: $different of $cases cases and $prints prints differ" >&2
    exit 1
fi
echo "consoles: $cases inputs gave the same records, $prints prints the same bytes"
