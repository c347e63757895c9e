complete -c console-producer -l topic -d 'Write to this topic: /stream:topic' -r
complete -c console-producer -l bootstrap-server -d 'Accept the address of a Kafka cluster; without effect for /stream:topic' -r
complete -c console-producer -l broker-list -d 'Accept the address of a Kafka cluster, as older tools spell it; without effect for /stream:topic, or beside --bootstrap-server' -r
complete -c console-producer -l request-required-acks -d 'Say when a record counts as sent: 0, 1, or -1 which is the same as all' -r
complete -c console-producer -l compression-codec -d 'Compress with none, gzip, snappy, lz4 or zstd; with gzip if no codec is named' -r
complete -c console-producer -l reader-property -d 'Set how lines are read; may be given several times' -r
complete -c console-producer -l property -d 'Set how lines are read, as older tools spell it; not together with --reader-property' -r
complete -c console-producer -l sync -d 'Wait for each record before reading the next line'
complete -c console-producer -l report-acks -d 'Print a JSON object for each record once it counts as sent'
complete -c console-producer -l help -d 'Print help'
complete -c console-producer -l version -d 'Print version'
complete -c kafka-console-producer -w console-producer
complete -c kafka-console-producer.sh -w console-producer
complete -c kafka-console-producer.bat -w console-producer
