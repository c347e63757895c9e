# A real Apache Kafka broker on loopback, to be sourced by the scripts beside this one.
#
# Needs `here` (this folder), `jars` (of kafka-jars.sh), `work` (a folder that is thrown away), `classes`
# (with Capture compiled into it) and `deadline_s`, after which the broker is killed whatever it does.
# start_broker leaves the address in `bootstrap` and the log folder in `$work/logs`.
# shellcheck shell=bash disable=SC2154,SC2034
broker=

run_java() {
    timeout --kill-after=5 "$deadline_s" java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -Djava.net.preferIPv4Stack=true -Dfile.encoding=UTF-8 -cp "$classes:$jars/*" "$@"
}

kill_broker() {
    if [ -n "$broker" ]; then
        kill -KILL "$broker" 2>/dev/null || true
        wait "$broker" 2>/dev/null || true
        broker=
    fi
}

# Returns once its files are whole.
end_broker() {
    kill -TERM "$broker"
    wait "$broker" || true
    broker=
}

start_broker() {
    local port
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
group.initial.rebalance.delay.ms=0
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
    timeout --kill-after=5 "$deadline_s" java -Xmx512m -XX:+UseSerialGC \
        -Djava.net.preferIPv4Stack=true -cp "$jars/*" \
        kafka.Kafka "$work/server.properties" >"$work/broker.txt" 2>&1 &
    broker=$!
    bootstrap=127.0.0.1:${port[0]}

    local _
    for _ in $(seq 600); do
        if (exec 3<>"/dev/tcp/127.0.0.1/${port[0]}") 2>/dev/null; then
            return
        fi
        if ! kill -0 "$broker" 2>/dev/null; then
            break
        fi
        sleep 0.1
    done
    echo "the broker does not listen:" >&2
    tail -30 "$work/broker.txt" >&2
    return 1
}
