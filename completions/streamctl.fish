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
complete -c streamctl -n "__fish_streamctl_needs_command" -f -a "errors" -d 'Explain error codes'
complete -c streamctl -n "__fish_streamctl_needs_command" -f -a "store" -d 'Work on the whole store'
complete -c streamctl -n "__fish_streamctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "create" -d 'Create a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "edit" -d 'Change the attributes of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "info" -d 'Describe a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "list" -d 'List streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "delete" -d 'Delete a stream with all its topics'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "purge" -d 'Remove expired messages from the disk'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "topic" -d 'Work on the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "cursor" -d 'Work on the cursors of groups'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "assign" -d 'Look at what running consumers read'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "replica" -d 'Replicas come later'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "upstream" -d 'Upstreams come later'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and not __fish_seen_subcommand_from create edit info list delete purge topic cursor assign replica upstream help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
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
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o pidexpirysecs -d 'Forget an idle producer\'s identity after so many seconds (stored and shown; no producer has an identity yet) [default: 604800]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o mincompactionlag -d 'Compact no message that is younger than so many milliseconds (stored and shown; nothing is compacted yet) [default: 0]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o deleteretention -d 'Keep a tombstone for so many milliseconds (stored and shown; nothing is compacted yet) [default: 86400000]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o produceperm -d 'Say who may publish (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o consumeperm -d 'Say who may read (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o topicperm -d 'Say who may create and delete topics (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o copyperm -d 'Say who may copy the stream (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o adminperm -d 'Say who may do everything (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o copymetafrom -d 'Give it all attributes of this stream, save those that are named here' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o ischangelog -d 'Make it a change log, whose topics keep their number of partitions [default: false]' -r -f -a "true\t'Yes'
false\t'No'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -l dry-run -d 'Change nothing; print what would be changed'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from create" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o path -d 'Name the stream, such as /sample-stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o ttl -d 'Keep messages for so many seconds; 0 keeps them for ever [default: 604800]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o autocreate -d 'Create a topic when a producer first writes to it [default: true]' -r -f -a "true\t'Yes'
false\t'No'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o defaultpartitions -d 'Give a new topic so many partitions, 1 to 4096, unless it is told otherwise [default: 1]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o compression -d 'Compress what producers write without a codec of their own [default: off]' -r -f -a "off\t'No compression'
lz4\t'lz4 frames'
lzf\t'MapR\'s lzf; stored as lz4'
zlib\t'gzip'
snappy\t'snappy'
zstd\t'zstd'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o defaulttimestamptype -d 'Say whose clock stamps messages [default: createtime]' -r -f -a "createtime\t'The producer\'s'
logappendtime\t'The clock at the append'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o pidexpirysecs -d 'Forget an idle producer\'s identity after so many seconds (stored and shown; no producer has an identity yet) [default: 604800]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o mincompactionlag -d 'Compact no message that is younger than so many milliseconds (stored and shown; nothing is compacted yet) [default: 0]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o deleteretention -d 'Keep a tombstone for so many milliseconds (stored and shown; nothing is compacted yet) [default: 86400000]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o produceperm -d 'Say who may publish (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o consumeperm -d 'Say who may read (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o topicperm -d 'Say who may create and delete topics (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o copyperm -d 'Say who may copy the stream (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o adminperm -d 'Say who may do everything (stored and shown, not enforced yet) [default: u:<you>]' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o compact -d 'Keep only the newest message of each key (stored and shown; nothing is compacted yet) [default: false]' -r -f -a "true\t'Yes'
false\t'No'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -l dry-run -d 'Change nothing; print what would be changed'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from edit" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o path -d 'Name the stream, such as /sample-stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o columns -d 'Show only these columns, in this order' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o filter -d 'Show only rows that this holds for, such as \'[topic=="a*"] and [partitions > 1]\'' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o start -d 'Begin with this row, counted from 0' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o limit -d 'Show so many rows, at most' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from info" -o sortby -d 'Sort the rows by this column' -r
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
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o columns -d 'Show only these columns, in this order' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o filter -d 'Show only rows that this holds for, such as \'[topic=="a*"] and [partitions > 1]\'' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o start -d 'Begin with this row, counted from 0' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o limit -d 'Show so many rows, at most' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from list" -o sortby -d 'Sort the rows by this column' -r
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
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -l dry-run -d 'Delete nothing; print what would be deleted'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -l yes -d 'Do not ask, even on a terminal, before messages are deleted'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from delete" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from purge" -o path -d 'Name the stream, such as /sample-stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from purge" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from purge" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from purge" -l dry-run -d 'Change nothing; print what would be changed'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from purge" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from purge" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from purge" -l help -d 'Print help'
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
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "edit" -d 'Change a topic'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "list" -d 'List the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "info" -d 'Describe each partition of a topic'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "delete" -d 'Delete a topic with its messages'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from topic" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -f -a "list" -d 'List where groups read on'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -f -a "delete" -d 'Forget where groups read on'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from cursor" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from assign" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from assign" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from assign" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from assign" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from assign" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from assign" -f -a "list" -d 'List which consumers read which partitions'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from assign" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from replica" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from replica" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from replica" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from replica" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from replica" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from upstream" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from upstream" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from upstream" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from upstream" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from upstream" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Change the attributes of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "info" -d 'Describe a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "list" -d 'List streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a stream with all its topics'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "purge" -d 'Remove expired messages from the disk'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "topic" -d 'Work on the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "cursor" -d 'Work on the cursors of groups'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "assign" -d 'Look at what running consumers read'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "replica" -d 'Replicas come later'
complete -c streamctl -n "__fish_streamctl_using_subcommand stream; and __fish_seen_subcommand_from help" -f -a "upstream" -d 'Upstreams come later'
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
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o columns -d 'Show only these columns, in this order' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o filter -d 'Show only rows that this holds for, such as \'[topic=="a*"] and [partitions > 1]\'' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o start -d 'Begin with this row, counted from 0' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o limit -d 'Show so many rows, at most' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o sortby -d 'Sort the rows by this column' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand errors" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -f -a "info" -d 'Say where the store is and how much is in it'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -f -a "check" -d 'Look for damage in every file'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and not __fish_seen_subcommand_from info check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o columns -d 'Show only these columns, in this order' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o filter -d 'Show only rows that this holds for, such as \'[topic=="a*"] and [partitions > 1]\'' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o start -d 'Begin with this row, counted from 0' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o limit -d 'Show so many rows, at most' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o sortby -d 'Sort the rows by this column' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o format -d 'Choose how listings are printed' -r -f -a "table\t'For people: aligned, with units, as wide as the terminal. The default on a terminal'
mapr\t'As MapR\'s tool prints it: names, then plain values. The default off a terminal'
json\t'MapR\'s JSON envelope'
jsonl\t'One plain JSON object a row'
csv\t'Comma-separated values, names first'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -l color -d 'Say when to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, even into a file'
never\t'Never'"
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o json -d 'Print the answer in MapR\'s JSON envelope; short for -format json'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -o noheader -d 'Leave out the line of names above a listing'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from info" -l help -d 'Print help'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o path -d 'Check only this stream' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o columns -d 'Show only these columns, in this order' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o filter -d 'Show only rows that this holds for, such as \'[topic=="a*"] and [partitions > 1]\'' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o start -d 'Begin with this row, counted from 0' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o limit -d 'Show so many rows, at most' -r
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from check" -o sortby -d 'Sort the rows by this column' -r
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
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "info" -d 'Say where the store is and how much is in it'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "check" -d 'Look for damage in every file'
complete -c streamctl -n "__fish_streamctl_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links errors store help" -f -a "stream" -d 'Work on streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links errors store help" -f -a "links" -d 'Make links with the names that older tools have'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links errors store help" -f -a "errors" -d 'Explain error codes'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links errors store help" -f -a "store" -d 'Work on the whole store'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and not __fish_seen_subcommand_from stream links errors store help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "create" -d 'Create a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "edit" -d 'Change the attributes of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "info" -d 'Describe a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "list" -d 'List streams'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "delete" -d 'Delete a stream with all its topics'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "purge" -d 'Remove expired messages from the disk'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "topic" -d 'Work on the topics of a stream'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "cursor" -d 'Work on the cursors of groups'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "assign" -d 'Look at what running consumers read'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "replica" -d 'Replicas come later'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from stream" -f -a "upstream" -d 'Upstreams come later'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "info" -d 'Say where the store is and how much is in it'
complete -c streamctl -n "__fish_streamctl_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "check" -d 'Look for damage in every file'
complete -c maprcli -w streamctl
