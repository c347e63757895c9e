# Completion for fish of: kafka-topics kafka-topics.sh kafka-topics.bat
#
# The program itself completes. It is given the words before the cursor and the one at it, and prints
# a candidate a line, a tab and what it means behind it, or only `.` where a directory is wanted. On
# any trouble it prints nothing.

function __kafka_topics_complete
    set -l word (commandline -ct)
    set -l found (command kafka-topics --complete fish (commandline -opc) "$word" 2>/dev/null)
    if test "$found" = .
        __fish_complete_directories "$word"
    else if test (count $found) -gt 0
        printf '%s\n' $found
    end
end

for name in kafka-topics kafka-topics.sh kafka-topics.bat
    complete -c $name -f -a '(__kafka_topics_complete)'
end
