#!/usr/bin/env bash
# Three consumers share the work of one group, and one of them is killed: bash demos/groups.sh
#
# Builds the programs, makes a throw-away store, and runs the commands. A line that begins with `$` is
# a command; one with a name in front is what the consumer of that name prints; everything else is what
# the other commands print. Ends with 1 if an order was lost.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --quiet --bins
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
work=$(mktemp -d)
export STREAMPATH_HOME=$work/store
export PATH=$target/release:$PATH
unset STREAMPATH_DEFAULT_STREAM
cd "$work"
declare -A consumers=()
producer=

clean_up() {
    exec 4>&- || true
    for process in "${consumers[@]}" $producer; do
        kill -KILL "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say() {
    printf '\n# %s\n' "$1"
}
show() {
    printf '$ %s\n' "$1"
}
run() {
    show "$1"
    eval "$1"
}

# Waits until a command succeeds, for at most a minute.
until_so() {
    local what=$1 end=$((SECONDS + 60))
    shift
    while [ $SECONDS -lt $end ]; do
        if "$@"; then
            return
        fi
        sleep 0.01
    done
    echo "groups: $what" >&2
    exit 1
}

# A consumer in the background; its lines are shown with its name, and kept in a file. What shows
# them ends with it.
consume() {
    local name=$1 command
    command="console-consumer --topic /shop:orders --group billing --from-beginning \\
      --consumer-property client.id=$name --consumer-property auto.commit.interval.ms=100 \\
      --consumer-property partition.assignment.strategy=cooperative-sticky"
    show "$command &"
    eval "exec $command" > >(sed -u "s/^/$name | /" | tee "$work/$name.seen") \
        2>"$work/$name.told" &
    consumers[$name]=$!
}

# Orders from one number to another, each with the customer as its key.
order() {
    local number
    for number in $(seq "$1" "$2"); do
        printf 'customer %d\torder %d\n' $((number % 17)) "$number" >&4
    done
}

# The orders that consumers have printed, each as often as it was.
delivered() {
    cat "$work"/*.seen 2>/dev/null | sed -n 's/^[a-z]* | order //p' | sort -n
}
all_delivered() {
    [ "$(delivered | uniq | wc -l)" -eq "$1" ]
}

# Whether the group has so many members, and each reads what it is to read.
is_shared_by() {
    local found
    found=$(streamctl group list -path /shop -columns members,state -format csv -noheader)
    [ "$found" = "$1,Stable" ]
}
is_caught_up() {
    local found
    found=$(streamctl group list -path /shop -columns lag -format csv -noheader)
    [ "$found" = 0 ]
}
readers() {
    streamctl stream assign list -path /shop -consumergroup billing -detail \
        -columns partitionid,client -format csv -noheader | sort
}

say 'A topic of six partitions, and a producer that stays open.'
run 'streamctl stream create /shop'
run 'streamctl topic create /shop:orders -partitions 6'
show 'console-producer --topic /shop:orders --reader-property parse.key=true &'
mkfifo orders
console-producer --topic /shop:orders --reader-property parse.key=true <orders &
producer=$!
exec 4>orders

say 'Three consumers of one group: each reads two partitions. No broker knows of them; they agree'
printf '# among themselves.\n'
for name in anna bruno clara; do
    consume "$name"
done
until_so 'the consumers never shared the partitions' is_shared_by 3
order 1 12
until_so 'not every order was delivered' all_delivered 12

say 'Who reads what, and how far the group is.'
run 'streamctl stream assign list -path /shop -consumergroup billing \
      -detail -columns partitionid,client,pid -sortby partitionid'
until_so 'the group never caught up' is_caught_up
run 'streamctl group describe -path /shop -consumergroup billing \
      -columns partitionid,currentoffset,endoffset,lag,client,state'
readers >before

say 'One is killed, as by a crash: it cannot say good-bye. The kernel tells the others.'
show "kill -KILL ${consumers[bruno]}   # bruno"
kill -KILL "${consumers[bruno]}"
wait "${consumers[bruno]}" 2>/dev/null || true
until_so 'nobody took over' is_shared_by 2
readers >after
join -t , before after | while IFS=, read -r partition old new; do
    if [ "$old" != "$new" ]; then
        echo "partition $partition went from $old to $new"
    fi
done

say 'What is written now goes to the two that are left.'
order 13 24
until_so 'an order was lost' all_delivered 24
until_so 'the group never caught up' is_caught_up
run 'streamctl group list -path /shop -columns consumergroup,state,members,lag'

say 'They are told to stop: they commit, and leave.'
for name in anna clara; do
    kill -TERM "${consumers[$name]}"
    wait "${consumers[$name]}" || true
    unset "consumers[$name]"
done
unset 'consumers[bruno]'
exec 4>&-
wait "$producer"
producer=
run 'streamctl group list -path /shop -columns consumergroup,state,members,lag'
once=$(delivered | uniq | wc -l)
again=$(delivered | uniq -d | wc -l)
printf '\n%d of 24 orders were delivered, %d of them twice. (A consumer that is killed before it has\n' \
    "$once" "$again"
printf 'committed what it printed leaves that to be printed again; this one had committed all.)\n'
[ "$once" -eq 24 ]
