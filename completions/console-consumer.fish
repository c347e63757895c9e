complete -c console-consumer -l topic -d 'Read this topic: /stream:topic' -r
complete -c console-consumer -l bootstrap-server -d 'Accept the address of a Kafka cluster; without effect for /stream:topic' -r
complete -c console-consumer -l partition -d 'Read this partition only' -r
complete -c console-consumer -l offset -d 'Start at earliest, latest or an offset of the partition named' -r
complete -c console-consumer -l from -d 'Start at a place, in each partition' -r
complete -c console-consumer -l until -d 'Stop before a place, written as for --from; end is the end as it is at the start' -r
complete -c console-consumer -l max-messages -d 'Stop after so many records; -1 is no limit' -r
complete -c console-consumer -l timeout-ms -d 'Stop when no record comes for so many milliseconds; the exit status is then 0 all the same' -r
complete -c console-consumer -l formatter-property -d 'Set what is printed; may be given several times' -r
complete -c console-consumer -l property -d 'Set what is printed, as older tools spell it; not together with --formatter-property' -r
complete -c console-consumer -l group -d 'Read for a group, from where it has come to' -r
complete -c console-consumer -l command-property -d 'Set a property of the consumer; may be given several times' -r
complete -c console-consumer -l consumer-property -d 'Set a property, as older tools spell it; not together with --command-property' -r
complete -c console-consumer -l from-beginning -d 'Start with the first record that is there'
complete -c console-consumer -l skip-corrupt -d 'With --group, go on behind damaged records, and commit past them'
complete -c console-consumer -l help -d 'Print help'
complete -c console-consumer -l version -d 'Print version'
complete -c kafka-console-consumer -w console-consumer
complete -c kafka-console-consumer.sh -w console-consumer
complete -c kafka-console-consumer.bat -w console-consumer
