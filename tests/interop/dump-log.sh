#!/usr/bin/env bash
# Apache Kafka's judgement of our files: tests/interop/dump-log.sh DIR...
#
# Runs Kafka's own DumpLogSegments --deep-iteration over every segment (`*.log`) and every seal
# (`*.seal`, one batch) below the given folders. Fails unless every batch is `isvalid: true`, the
# batches fill their file to its last byte, and the tool says nothing that is not a plain listing.
# (Releases from 4.3 on report `-1 is followed by N` for a healthy segment that starts above 0; the
# release used here does not, so here that too is a failure.)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
jars=$(bash "$here/kafka-jars.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A seal goes by a segment's name in a folder of its own, for the tool looks at names.
: >"$work/files"
count=0
while IFS= read -r -d '' file; do
    if [ ! -s "$file" ]; then
        continue # An empty segment: its name alone says something.
    fi
    case $file in
        *.seal)
            count=$((count + 1))
            mkdir "$work/$count"
            cp "$file" "$work/$count/$(basename "$file" .seal).log"
            printf '%s\n' "$work/$count/$(basename "$file" .seal).log" >>"$work/files"
            ;;
        *) printf '%s\n' "$(realpath "$file")" >>"$work/files" ;;
    esac
done < <(find "$@" -type f \( -name '*.log' -o -name '*.seal' \) -print0 | sort -z)

if [ ! -s "$work/files" ]; then
    echo "dump-log: no segment with anything in it below $*" >&2
    exit 1
fi

: >"$work/listing"
: >"$work/trouble"
while IFS= read -r files; do
    if ! timeout --kill-after=5 300 java -Xmx512m -cp "$jars/*" kafka.tools.DumpLogSegments \
        --deep-iteration --max-message-size 20000000 --files "$files" \
        >>"$work/listing" 2>>"$work/trouble"; then
        echo "the tool failed" >>"$work/trouble"
    fi
done < <(paste -sd, "$work/files" | awk -F, '{
    # At most 200 files to a call.
    for (i = 1; i <= NF; i++) printf "%s%s", $i, (i % 200 == 0 || i == NF) ? "\n" : ","
}')

while IFS= read -r file; do
    printf '%s %s\n' "$(stat -c %s "$file")" "$file"
done <"$work/files" >"$work/sizes"

awk '
    FNR == NR { size = $1; sub(/^[0-9]+ /, ""); bytes[$0] = size; next }
    /^Dumping / { file = substr($0, 9); seen[file] = 1; end[file] = 0; next }
    /^Log starting offset: [0-9]+$/ { next }
    /^\| offset: / { records++; next }
    /^baseOffset: / {
        batches++
        codecs[$(index_of("compresscodec:") + 1)]++
        position = $(index_of("position:") + 1)
        if (position != end[file]) fault("a batch at " position " follows one that ends at " end[file])
        end[file] = position + $(index_of("size:") + 1)
        if ($0 !~ / isvalid: true$/) fault($0)
        next
    }
    { fault($0) }
    function index_of(word,   i) { for (i = 1; i <= NF; i++) if ($i == word) return i; return 0 }
    function fault(text) { print file ": " text; faults++ }
    END {
        for (file in bytes) {
            files++
            if (!(file in seen)) fault("was not looked at")
            else if (end[file] != bytes[file])
                fault("valid to byte " end[file] " of " bytes[file])
        }
        for (codec in codecs) mix = mix " " codec ":" codecs[codec]
        printf "dump-log: %d batches, %d records in %d files;%s\n", batches, records, files, mix
        exit faults > 0
    }
' "$work/sizes" "$work/listing" || echo "not every batch is as it should be" >>"$work/trouble"

if [ -s "$work/trouble" ]; then
    head -40 "$work/trouble" | sed 's/^/dump-log: /' >&2
    exit 1
fi
