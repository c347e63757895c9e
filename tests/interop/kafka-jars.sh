#!/usr/bin/env bash
# Fetches the jars of one Apache Kafka release (see pom.xml) and prints the folder they are in.
# With --cached it fetches nothing, and fails if they are not there.
#
# The folder is outside the clone and is kept between runs: a second run fetches nothing. It takes
# its name only when it is whole, so an interrupted fetch leaves nothing that looks finished.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/pom.xml")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/streampath
jars=$cache/kafka-$version

if [ "${1:-}" = --cached ]; then
    [ -d "$jars" ] || exit 1
    echo "$jars"
    exit
fi
mkdir -p "$cache"
exec 9>"$cache/kafka-$version.lock"
flock 9
if [ ! -d "$jars" ]; then
    fresh=$(mktemp -d "$cache/.fetch-XXXXXX")
    trap 'rm -rf "$fresh"' EXIT
    mvn --batch-mode --quiet -f "$here/pom.xml" dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$fresh" >&2 9>&-
    for jar in "kafka_2.13-$version.jar" "kafka-tools-$version.jar"; do
        if [ ! -s "$fresh/$jar" ]; then
            echo "kafka-jars: \`$jar\` was not among what Maven fetched" >&2
            exit 1
        fi
    done
    chmod 755 "$fresh"
    mv -T "$fresh" "$jars"
    trap - EXIT
fi
echo "$jars"
