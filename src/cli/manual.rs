//! What the manual pages say beyond the options: exit status, environment, files, examples.

use std::fmt::Write;

use super::dialect::Spelling;
use super::environment::VARIABLES;
use super::failure::Exit;
use super::program::Program;

/// The parts of a program's manual page that its arguments do not tell.
#[derive(Clone, Debug)]
pub struct Manual {
    /// How options are shown.
    pub spelling: Spelling,
    /// Sections of roff text, in their order.
    pub sections: String,
}

impl Manual {
    /// Respells the options in a piece of roff (`\-\-path`) as the page shows them.
    #[must_use]
    pub fn respelt(&self, roff: &str) -> String {
        // A letter before an option would make it part of a word; a colour code does not.
        let marked = roff.replace("\\-\\-", "--").replace("\\fB", "\u{1b}[1m");
        let spelt = self.spelling.respelt(&marked).replace("\u{1b}[1m", "\\fB");
        let mut text = String::with_capacity(spelt.len());
        for character in spelt.chars() {
            if character == '-' && !text.ends_with('\\') {
                text.push('\\');
            }
            text.push(character);
        }
        text
    }
}

/// Examples of each program: what is done, and the command.
const EXAMPLES: [(Program, &[(&str, &str)]); 3] = [
    (
        Program::Streamctl,
        &[
            (
                "Create a stream, and in it a topic of three partitions:",
                "streamctl stream create -path /sample-stream\nstreamctl stream topic create -path /sample-stream -topic fast-messages -partitions 3",
            ),
            (
                "List the topics of a stream, for people and for programs:",
                "streamctl stream topic list -path /sample-stream\nstreamctl stream topic list -path /sample-stream -json",
            ),
            ("Give the programs the names that older scripts use:", "streamctl links ~/bin"),
            ("Look for damage in every file of the store:", "streamctl store check"),
        ],
    ),
    (
        Program::ConsoleProducer,
        &[
            (
                "Write a file line by line:",
                "console-producer --topic /sample-stream:fast-messages < lines.txt",
            ),
            (
                "Write lines of a key, a colon and a value:",
                "console-producer --topic /sample-stream:fast-messages --reader-property parse.key=true --reader-property key.separator=:",
            ),
            (
                "Say of each record where it was stored:",
                "seq 3 | console-producer --topic /sample-stream:fast-messages --report-acks",
            ),
        ],
    ),
    (
        Program::ConsoleConsumer,
        &[
            (
                "Print what is there, then what comes:",
                "console-consumer --topic /sample-stream:fast-messages --from-beginning",
            ),
            (
                "Print what is there and stop:",
                "console-consumer --topic /sample-stream:fast-messages --from beginning --until end",
            ),
            (
                "Print the last ten records of each partition with their offsets:",
                "console-consumer --topic /sample-stream:fast-messages --from -10 --until end --formatter-property print.offset=true",
            ),
            (
                "Print what was written in the last ten minutes:",
                "console-consumer --topic /sample-stream:fast-messages --from 10m --until end",
            ),
        ],
    ),
];

/// Files that the programs use.
const FILES: [(&str, &str); 1] = [(
    "~/.local/share/streampath",
    "The store: a directory for each stream. See stream\\-store(5).",
)];

/// Returns what the manual page of `program` says beyond its options.
#[must_use]
pub fn manual(program: Program) -> Manual {
    let mut text = String::from(".SH \"EXIT STATUS\"\n");
    for (exit, meaning) in Exit::ALL {
        item(&mut text, &exit.status().to_string(), meaning);
    }
    text.push_str(".SH ENVIRONMENT\n");
    for (name, meaning) in VARIABLES {
        item(&mut text, name, meaning);
    }
    text.push_str(".SH FILES\n");
    for (name, meaning) in FILES {
        item(&mut text, name, meaning);
    }
    text.push_str(".SH EXAMPLES\n");
    for (_, examples) in EXAMPLES.iter().filter(|(owner, _)| *owner == program) {
        for (what, command) in *examples {
            // Writing to a String cannot fail.
            let _ = write!(text, "{what}\n.PP\n.nf\n.RS\n{}\n.RE\n.fi\n.PP\n", escaped(command));
        }
    }
    // A paragraph at the end of a section is one too many.
    text.truncate(text.trim_end_matches(".PP\n").len());
    text.push_str(".SH \"SEE ALSO\"\n");
    let pages = Program::ALL.iter().filter(|other| **other != program);
    let pages = pages.map(|other| format!(".BR {} (1),\n", escaped(other.name())));
    text.extend(pages);
    text.push_str(".BR streams (7),\n.BR stream\\-store (5)\n");
    Manual { spelling: program.spelling(), sections: text }
}

fn item(text: &mut String, name: &str, meaning: &str) {
    // Writing to a String cannot fail.
    let _ = write!(text, ".TP\n.B {}\n{}\n", escaped(name), escaped(meaning));
}

/// Escapes what roff would take for its own.
fn escaped(text: &str) -> String {
    let text = text.replace("\\-", "-").replace('\\', "\\e").replace('-', "\\-");
    text.replace('~', "\\(ti").replace("\n.", "\n\\&.").replace("\n'", "\n\\&'")
}
