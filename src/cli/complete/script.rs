//! The scripts that make bash, zsh and fish ask the programs; kept in `completions/`.

use crate::cli::program::Program;

/// A shell that there is a script for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// GNU bash, 4.4 or later.
    Bash,
    /// zsh with its completion system (`compinit`).
    Zsh,
    /// fish.
    Fish,
}

impl Shell {
    /// Every shell.
    pub const ALL: [Self; 3] = [Self::Bash, Self::Zsh, Self::Fish];

    /// Returns the shell's name, by which its script asks.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }

    /// Returns what the file with the script for `program` is called.
    #[must_use]
    pub fn file_name(self, program: Program) -> String {
        match self {
            Self::Bash => format!("{}.bash", program.name()),
            Self::Zsh => format!("_{}", program.name()),
            Self::Fish => format!("{}.fish", program.name()),
        }
    }
}

const BASH: &str = r#"# Completion for bash of: NAMES
#
# The program itself completes. It is given the command line up to the cursor and the end of it that
# bash would replace, for bash cuts words at `:` and `=` too; it prints what to insert, one candidate
# a line, or only `.` where a directory is wanted. On any trouble it prints nothing.

FUNCTION() {
    local candidates
    COMPREPLY=()
    candidates=$(command PROGRAM --complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
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

complete -F FUNCTION NAMES
"#;

const ZSH: &str = r#"#compdef NAMES
#
# The program itself completes. It is given the words before the cursor and the one at it, and prints
# a candidate a line, a tab and what it means behind it, or only `.` where a directory is wanted. On
# any trouble it prints nothing.

_PROGRAM() {
    local line word shown
    local -a words_that_end ends_shown words_that_go_on go_on_shown
    for line in "${(@f)$(command PROGRAM --complete zsh "${(@Q)words[1,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
        if [[ $line == . ]]; then
            _directories
            return
        fi
        word=${line%%$'\t'*}
        shown=${line/$'\t'/  -- }
        if [[ -z $word ]]; then
            continue
        elif [[ $word == *[/:=] ]]; then
            words_that_go_on+=("$word")
            go_on_shown+=("$shown")
        else
            words_that_end+=("$word")
            ends_shown+=("$shown")
        fi
    done
    local found=1
    if (( $#words_that_go_on )); then
        compadd -S '' -d go_on_shown -a words_that_go_on && found=0
    fi
    if (( $#words_that_end )); then
        compadd -d ends_shown -a words_that_end && found=0
    fi
    return found
}

if [[ ${funcstack[1]} == _PROGRAM ]]; then
    _PROGRAM "$@"
else
    compdef _PROGRAM NAMES
fi
"#;

const FISH: &str = r#"# Completion for fish of: NAMES
#
# The program itself completes. It is given the words before the cursor and the one at it, and prints
# a candidate a line, a tab and what it means behind it, or only `.` where a directory is wanted. On
# any trouble it prints nothing.

function FUNCTION
    set -l word (commandline -ct)
    set -l found (command PROGRAM --complete fish (commandline -opc) "$word" 2>/dev/null)
    if test "$found" = .
        __fish_complete_directories "$word"
    else if test (count $found) -gt 0
        printf '%s\n' $found
    end
end

for name in NAMES
    complete -c $name -f -a '(FUNCTION)'
end
"#;

/// Returns the script that makes `shell` complete `program` under each of its names.
#[must_use]
pub fn completion_script(program: Program, shell: Shell) -> String {
    let text = match shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
    };
    let mut names = vec![program.name()];
    names.extend(program.old_names());
    let function = format!("__{}_complete", program.name().replace('-', "_"));
    text.replace("FUNCTION", &function)
        .replace("NAMES", &names.join(" "))
        .replace("PROGRAM", program.name())
}
