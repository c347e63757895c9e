# Completion for fish of: kafka-consumer-groups kafka-consumer-groups.sh kafka-consumer-groups.bat
#
# The program itself completes. It is given the words before the cursor and the one at it, and prints
# a candidate a line, a tab and what it means behind it, or only `.` where a directory is wanted. On
# any trouble it prints nothing.

function __kafka_consumer_groups_complete
    set -l word (commandline -ct)
    set -l found (command kafka-consumer-groups --complete fish (commandline -opc) "$word" 2>/dev/null)
    if test "$found" = .
        __fish_complete_directories "$word"
    else if test (count $found) -gt 0
        printf '%s\n' $found
    end
end

for name in kafka-consumer-groups kafka-consumer-groups.sh kafka-consumer-groups.bat
    complete -c $name -f -a '(__kafka_consumer_groups_complete)'
end
