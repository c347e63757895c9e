# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_streamctl_global_optspecs
    string join \n json format= noheader color= help version
end

function __fish_streamctl_needs_command
    # Figure out if the current invocation already has a command.
    set -o cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_streamctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_streamctl_using_subcommand
    set -o cmd (__fish_streamctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c streamctl -n "__fish_streamctl_needs_command" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_needs_command" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_needs_command" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_needs_command" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_needs_command" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_needs_command" -l version -d 'Print version'
complete -c streamctl -n "__fish_streamctl_needs_command" -f -a "stream" -d 'Work on streams'
complete -c streamctl -n "__fish_streamctl_needs_command" -f -a "links" -d 'Make links with the names that older tools have'
complete -c streamctl -n "__fish_streamctl_needs_command" -f -a "store" -d 'Work on the whole store'
complete -c streamctl -n "__fish_streamctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -f -a "create" -d 'Create a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -f -a "info" -d 'Describe a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -f -a "list" -d 'List streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -f -a "delete" -d 'Delete a stream with all its topics'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -f -a "topic" -d 'Work on the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create info list delete topic help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o path -d 'Name the stream, such as /sample-stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o ttl -d 'Keep messages for so many seconds; 0 keeps them for ever [default: 604800]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o autocreate -d 'Create a topic when a producer first writes to it [default: true]' -r -f -a "true\t'Yes'
false\t'No'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o defaultpartitions -d 'Give a new topic so many partitions, 1 to 4096, unless it is told otherwise [default: 1]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o compression -d 'Compress what producers write without a codec of their own [default: off]' -r -f -a "off\t'No compression'
lz4\t'lz4 frames'
lzf\t'MapR\'s lzf; stored as lz4'
zlib\t'gzip'
snappy\t'snappy'
zstd\t'zstd'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o defaulttimestamptype -d 'Say whose clock stamps messages [default: createtime]' -r -f -a "createtime\t'The producer\'s'
logappendtime\t'The clock at the append'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o produceperm -d 'Say who may publish (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o consumeperm -d 'Say who may read (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o topicperm -d 'Say who may create and delete topics (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o copyperm -d 'Say who may copy the stream (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o adminperm -d 'Say who may do everything (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o path -d 'Name the stream, such as /sample-stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o path -d 'List only streams below this path' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -o path -d 'Name the stream, such as /sample-stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "create" -d 'Create a topic'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "list" -d 'List the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "info" -d 'Describe each partition of a topic'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "delete" -d 'Delete a topic with its messages'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "info" -d 'Describe a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "list" -d 'List streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a stream with all its topics'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "topic" -d 'Work on the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand links" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand links" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand links" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand links" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand links" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from check help" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from check help" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from check help" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from check help" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from check help" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from check help" -f -a "check" -d 'Look for damage in every file'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o path -d 'Check only this stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -l repair -d 'First make logs usable again in which a sync failed'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "check" -d 'Look for damage in every file'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links store help" -f -a "stream" -d 'Work on streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links store help" -f -a "links" -d 'Make links with the names that older tools have'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links store help" -f -a "store" -d 'Work on the whole store'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links store help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "create" -d 'Create a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "info" -d 'Describe a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "list" -d 'List streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "delete" -d 'Delete a stream with all its topics'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "topic" -d 'Work on the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "check" -d 'Look for damage in every file'
complete -c maprcli -w streamctl
