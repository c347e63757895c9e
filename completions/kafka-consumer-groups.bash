# Completion for bash of: kafka-consumer-groups kafka-consumer-groups.sh kafka-consumer-groups.bat
#
# The program itself completes. It is given the command line up to the cursor and the end of it that
# bash would replace, for bash cuts words at `:` and `=` too; it prints what to insert, one candidate
# a line, or only `.` where a directory is wanted. On any trouble it prints nothing.

__kafka_consumer_groups_complete() {
    local candidates
    COMPREPLY=()
    candidates=$(command kafka-consumer-groups --complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    if [[ $candidates == . ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "$2")
    elif [[ -n $candidates ]]; then
        mapfile -t COMPREPLY <<<"$candidates"
        if [[ ${COMPREPLY[0]} == *[/:=] ]]; then
            compopt -o nospace
        fi
    fi
}

complete -F __kafka_consumer_groups_complete kafka-consumer-groups kafka-consumer-groups.sh kafka-consumer-groups.bat
