# Completion for fish of: console-consumer kafka-console-consumer kafka-console-consumer.sh kafka-console-consumer.bat
#
# The program itself completes. It is given the words before the cursor and the one at it, and prints
# a candidate a line, a tab and what it means behind it, or only `.` where a directory is wanted. On
# any trouble it prints nothing.

function __console_consumer_complete
    set -l word (commandline -ct)
    set -l found (command console-consumer --complete fish (commandline -opc) "$word" 2>/dev/null)
    if test "$found" = .
        __fish_complete_directories "$word"
    else if test (count $found) -gt 0
        printf '%s\n' $found
    end
end

for name in console-consumer kafka-console-consumer kafka-console-consumer.sh kafka-console-consumer.bat
    complete -c $name -f -a '(__console_consumer_complete)'
end
