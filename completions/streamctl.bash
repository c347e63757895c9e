_streamctl() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="streamctl"
                ;;
            streamctl,errors)
                cmd="streamctl__subcmd__errors"
                ;;
            streamctl,help)
                cmd="streamctl__subcmd__help"
                ;;
            streamctl,links)
                cmd="streamctl__subcmd__links"
                ;;
            streamctl,store)
                cmd="streamctl__subcmd__store"
                ;;
            streamctl,stream)
                cmd="streamctl__subcmd__stream"
                ;;
            streamctl__subcmd__help,errors)
                cmd="streamctl__subcmd__help__subcmd__errors"
                ;;
            streamctl__subcmd__help,help)
                cmd="streamctl__subcmd__help__subcmd__help"
                ;;
            streamctl__subcmd__help,links)
                cmd="streamctl__subcmd__help__subcmd__links"
                ;;
            streamctl__subcmd__help,store)
                cmd="streamctl__subcmd__help__subcmd__store"
                ;;
            streamctl__subcmd__help,stream)
                cmd="streamctl__subcmd__help__subcmd__stream"
                ;;
            streamctl__subcmd__help__subcmd__store,check)
                cmd="streamctl__subcmd__help__subcmd__store__subcmd__check"
                ;;
            streamctl__subcmd__help__subcmd__store,info)
                cmd="streamctl__subcmd__help__subcmd__store__subcmd__info"
                ;;
            streamctl__subcmd__help__subcmd__stream,assign)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__assign"
                ;;
            streamctl__subcmd__help__subcmd__stream,create)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__create"
                ;;
            streamctl__subcmd__help__subcmd__stream,cursor)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__cursor"
                ;;
            streamctl__subcmd__help__subcmd__stream,delete)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__delete"
                ;;
            streamctl__subcmd__help__subcmd__stream,edit)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__edit"
                ;;
            streamctl__subcmd__help__subcmd__stream,info)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__info"
                ;;
            streamctl__subcmd__help__subcmd__stream,list)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__list"
                ;;
            streamctl__subcmd__help__subcmd__stream,purge)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__purge"
                ;;
            streamctl__subcmd__help__subcmd__stream,replica)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__replica"
                ;;
            streamctl__subcmd__help__subcmd__stream,topic)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__topic"
                ;;
            streamctl__subcmd__help__subcmd__stream,upstream)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__upstream"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__assign,list)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__assign__subcmd__list"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__cursor,delete)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__cursor__subcmd__delete"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__cursor,list)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__cursor__subcmd__list"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__topic,create)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__create"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__topic,delete)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__delete"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__topic,edit)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__edit"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__topic,info)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__info"
                ;;
            streamctl__subcmd__help__subcmd__stream__subcmd__topic,list)
                cmd="streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__list"
                ;;
            streamctl__subcmd__store,check)
                cmd="streamctl__subcmd__store__subcmd__check"
                ;;
            streamctl__subcmd__store,help)
                cmd="streamctl__subcmd__store__subcmd__help"
                ;;
            streamctl__subcmd__store,info)
                cmd="streamctl__subcmd__store__subcmd__info"
                ;;
            streamctl__subcmd__store__subcmd__help,check)
                cmd="streamctl__subcmd__store__subcmd__help__subcmd__check"
                ;;
            streamctl__subcmd__store__subcmd__help,help)
                cmd="streamctl__subcmd__store__subcmd__help__subcmd__help"
                ;;
            streamctl__subcmd__store__subcmd__help,info)
                cmd="streamctl__subcmd__store__subcmd__help__subcmd__info"
                ;;
            streamctl__subcmd__stream,assign)
                cmd="streamctl__subcmd__stream__subcmd__assign"
                ;;
            streamctl__subcmd__stream,create)
                cmd="streamctl__subcmd__stream__subcmd__create"
                ;;
            streamctl__subcmd__stream,cursor)
                cmd="streamctl__subcmd__stream__subcmd__cursor"
                ;;
            streamctl__subcmd__stream,delete)
                cmd="streamctl__subcmd__stream__subcmd__delete"
                ;;
            streamctl__subcmd__stream,edit)
                cmd="streamctl__subcmd__stream__subcmd__edit"
                ;;
            streamctl__subcmd__stream,help)
                cmd="streamctl__subcmd__stream__subcmd__help"
                ;;
            streamctl__subcmd__stream,info)
                cmd="streamctl__subcmd__stream__subcmd__info"
                ;;
            streamctl__subcmd__stream,list)
                cmd="streamctl__subcmd__stream__subcmd__list"
                ;;
            streamctl__subcmd__stream,purge)
                cmd="streamctl__subcmd__stream__subcmd__purge"
                ;;
            streamctl__subcmd__stream,replica)
                cmd="streamctl__subcmd__stream__subcmd__replica"
                ;;
            streamctl__subcmd__stream,topic)
                cmd="streamctl__subcmd__stream__subcmd__topic"
                ;;
            streamctl__subcmd__stream,upstream)
                cmd="streamctl__subcmd__stream__subcmd__upstream"
                ;;
            streamctl__subcmd__stream__subcmd__assign,help)
                cmd="streamctl__subcmd__stream__subcmd__assign__subcmd__help"
                ;;
            streamctl__subcmd__stream__subcmd__assign,list)
                cmd="streamctl__subcmd__stream__subcmd__assign__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__assign__subcmd__help,help)
                cmd="streamctl__subcmd__stream__subcmd__assign__subcmd__help__subcmd__help"
                ;;
            streamctl__subcmd__stream__subcmd__assign__subcmd__help,list)
                cmd="streamctl__subcmd__stream__subcmd__assign__subcmd__help__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__cursor,delete)
                cmd="streamctl__subcmd__stream__subcmd__cursor__subcmd__delete"
                ;;
            streamctl__subcmd__stream__subcmd__cursor,help)
                cmd="streamctl__subcmd__stream__subcmd__cursor__subcmd__help"
                ;;
            streamctl__subcmd__stream__subcmd__cursor,list)
                cmd="streamctl__subcmd__stream__subcmd__cursor__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__cursor__subcmd__help,delete)
                cmd="streamctl__subcmd__stream__subcmd__cursor__subcmd__help__subcmd__delete"
                ;;
            streamctl__subcmd__stream__subcmd__cursor__subcmd__help,help)
                cmd="streamctl__subcmd__stream__subcmd__cursor__subcmd__help__subcmd__help"
                ;;
            streamctl__subcmd__stream__subcmd__cursor__subcmd__help,list)
                cmd="streamctl__subcmd__stream__subcmd__cursor__subcmd__help__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__help,assign)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__assign"
                ;;
            streamctl__subcmd__stream__subcmd__help,create)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__create"
                ;;
            streamctl__subcmd__stream__subcmd__help,cursor)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__cursor"
                ;;
            streamctl__subcmd__stream__subcmd__help,delete)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__delete"
                ;;
            streamctl__subcmd__stream__subcmd__help,edit)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__edit"
                ;;
            streamctl__subcmd__stream__subcmd__help,help)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__help"
                ;;
            streamctl__subcmd__stream__subcmd__help,info)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__info"
                ;;
            streamctl__subcmd__stream__subcmd__help,list)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__help,purge)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__purge"
                ;;
            streamctl__subcmd__stream__subcmd__help,replica)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__replica"
                ;;
            streamctl__subcmd__stream__subcmd__help,topic)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__topic"
                ;;
            streamctl__subcmd__stream__subcmd__help,upstream)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__upstream"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__assign,list)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__assign__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__cursor,delete)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__cursor__subcmd__delete"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__cursor,list)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__cursor__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__topic,create)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__create"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__topic,delete)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__delete"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__topic,edit)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__edit"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__topic,info)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__info"
                ;;
            streamctl__subcmd__stream__subcmd__help__subcmd__topic,list)
                cmd="streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__topic,create)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__create"
                ;;
            streamctl__subcmd__stream__subcmd__topic,delete)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__delete"
                ;;
            streamctl__subcmd__stream__subcmd__topic,edit)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__edit"
                ;;
            streamctl__subcmd__stream__subcmd__topic,help)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__help"
                ;;
            streamctl__subcmd__stream__subcmd__topic,info)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__info"
                ;;
            streamctl__subcmd__stream__subcmd__topic,list)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__list"
                ;;
            streamctl__subcmd__stream__subcmd__topic__subcmd__help,create)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__create"
                ;;
            streamctl__subcmd__stream__subcmd__topic__subcmd__help,delete)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__delete"
                ;;
            streamctl__subcmd__stream__subcmd__topic__subcmd__help,edit)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__edit"
                ;;
            streamctl__subcmd__stream__subcmd__topic__subcmd__help,help)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__help"
                ;;
            streamctl__subcmd__stream__subcmd__topic__subcmd__help,info)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__info"
                ;;
            streamctl__subcmd__stream__subcmd__topic__subcmd__help,list)
                cmd="streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__list"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        streamctl)
            opts="-json -format -noheader --color --help --version stream links errors store help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__errors)
            opts="-columns -filter -start -limit -sortby -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help)
            opts="stream links errors store help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__errors)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__links)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__store)
            opts="info check"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__store__subcmd__check)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__store__subcmd__info)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream)
            opts="create edit info list delete purge topic cursor assign replica upstream"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__assign)
            opts="list"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__assign__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__create)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__cursor)
            opts="list delete"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__cursor__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__cursor__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__edit)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__info)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__purge)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__replica)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__topic)
            opts="create edit list info delete"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__create)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__edit)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__info)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__topic__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__help__subcmd__stream__subcmd__upstream)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__links)
            opts="-json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__store)
            opts="-json -format -noheader --color --help info check help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__store__subcmd__check)
            opts="-path --repair -columns -filter -start -limit -sortby -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__store__subcmd__help)
            opts="info check help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__store__subcmd__help__subcmd__check)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__store__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__store__subcmd__help__subcmd__info)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__store__subcmd__info)
            opts="-columns -filter -start -limit -sortby -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream)
            opts="-json -format -noheader --color --help create edit info list delete purge topic cursor assign replica upstream help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__assign)
            opts="-json -format -noheader --color --help list help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__assign__subcmd__help)
            opts="list help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__assign__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__assign__subcmd__help__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__assign__subcmd__list)
            opts="-path -consumergroup -topic -partition -columns -filter -start -limit -sortby -watch -detail -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --consumergroup|-consumergroup)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topic|-topic)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --partition|-partition)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --watch|-watch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__create)
            opts="-path -ttl -autocreate -defaultpartitions -compression -defaulttimestamptype -pidexpirysecs -mincompactionlag -deleteretention -produceperm -consumeperm -topicperm -copyperm -adminperm -copymetafrom -ischangelog --dry-run -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ttl|-ttl)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --autocreate|-autocreate)
                    COMPREPLY=($(compgen -W "true false" -- "${cur}"))
                    return 0
                    ;;
                --defaultpartitions|-defaultpartitions)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --compression|-compression)
                    COMPREPLY=($(compgen -W "off lz4 lzf zlib snappy zstd" -- "${cur}"))
                    return 0
                    ;;
                --defaulttimestamptype|-defaulttimestamptype)
                    COMPREPLY=($(compgen -W "createtime logappendtime" -- "${cur}"))
                    return 0
                    ;;
                --pidexpirysecs|-pidexpirysecs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --mincompactionlag|-mincompactionlag)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --deleteretention|-deleteretention)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --produceperm|-produceperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --consumeperm|-consumeperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topicperm|-topicperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --copyperm|-copyperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --adminperm|-adminperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --copymetafrom|-copymetafrom)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ischangelog|-ischangelog)
                    COMPREPLY=($(compgen -W "true false" -- "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__cursor)
            opts="-json -format -noheader --color --help list delete help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__cursor__subcmd__delete)
            opts="-path -consumergroup -topic -partition -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --consumergroup|-consumergroup)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topic|-topic)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --partition|-partition)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__cursor__subcmd__help)
            opts="list delete help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__cursor__subcmd__help__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__cursor__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__cursor__subcmd__help__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__cursor__subcmd__list)
            opts="-path -consumergroup -topic -partition -columns -filter -start -limit -sortby -watch -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --consumergroup|-consumergroup)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topic|-topic)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --partition|-partition)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --watch|-watch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__delete)
            opts="-path --dry-run --yes -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__edit)
            opts="-path -ttl -autocreate -defaultpartitions -compression -defaulttimestamptype -pidexpirysecs -mincompactionlag -deleteretention -produceperm -consumeperm -topicperm -copyperm -adminperm -compact --dry-run -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ttl|-ttl)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --autocreate|-autocreate)
                    COMPREPLY=($(compgen -W "true false" -- "${cur}"))
                    return 0
                    ;;
                --defaultpartitions|-defaultpartitions)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --compression|-compression)
                    COMPREPLY=($(compgen -W "off lz4 lzf zlib snappy zstd" -- "${cur}"))
                    return 0
                    ;;
                --defaulttimestamptype|-defaulttimestamptype)
                    COMPREPLY=($(compgen -W "createtime logappendtime" -- "${cur}"))
                    return 0
                    ;;
                --pidexpirysecs|-pidexpirysecs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --mincompactionlag|-mincompactionlag)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --deleteretention|-deleteretention)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --produceperm|-produceperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --consumeperm|-consumeperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topicperm|-topicperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --copyperm|-copyperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --adminperm|-adminperm)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --compact|-compact)
                    COMPREPLY=($(compgen -W "true false" -- "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help)
            opts="create edit info list delete purge topic cursor assign replica upstream help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__assign)
            opts="list"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__assign__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__create)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__cursor)
            opts="list delete"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__cursor__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__cursor__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__edit)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__info)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__purge)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__replica)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__topic)
            opts="create edit list info delete"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__create)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__edit)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__info)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__topic__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__help__subcmd__upstream)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__info)
            opts="-path -columns -filter -start -limit -sortby -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__list)
            opts="-path -columns -filter -start -limit -sortby -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__purge)
            opts="-path --dry-run -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__replica)
            opts="-json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic)
            opts="-json -format -noheader --color --help create edit list info delete help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__create)
            opts="-path -topic -partitions -timestamptype --dry-run -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topic|-topic)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --partitions|-partitions)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timestamptype|-timestamptype)
                    COMPREPLY=($(compgen -W "createtime logappendtime" -- "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__delete)
            opts="-path -topic --dry-run --yes -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topic|-topic)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__edit)
            opts="-path -topic -partitions -timestamptype --dry-run -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topic|-topic)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --partitions|-partitions)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timestamptype|-timestamptype)
                    COMPREPLY=($(compgen -W "createtime logappendtime" -- "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__help)
            opts="create edit list info delete help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__create)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__edit)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__info)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__help__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 5 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__info)
            opts="-path -topic -columns -filter -start -limit -sortby -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --topic|-topic)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__topic__subcmd__list)
            opts="-path -columns -filter -start -limit -sortby -watch -json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --path|-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --columns|-columns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filter|-filter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --start|-start)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --limit|-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sortby|-sortby)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --watch|-watch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        streamctl__subcmd__stream__subcmd__upstream)
            opts="-json -format -noheader --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format|-format)
                    COMPREPLY=($(compgen -W "table mapr json jsonl csv" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _streamctl -o nosort -o bashdefault -o default streamctl maprcli
else
    complete -F _streamctl -o bashdefault -o default streamctl maprcli
fi
