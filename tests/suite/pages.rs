//! Makes the manual pages of the programs from the definition of their arguments.
//!
//! One page for each program, and one for each group of commands. In each the sections of
//! man-pages(7) in their order; an option that several commands of a page share under a heading is
//! explained once.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};

use streampath::cli::{Exit, FILES, Manual, Program, Spelling, manual, variables};

use crate::roff::{example, prose, quoted, request};

/// The pages by hand.
pub(crate) const BY_HAND: [&str; 4] =
    ["stream-record.5", "stream-store.5", "streamctl-compat.7", "streams.7"];

/// Returns the files of all pages, in their order. (The schema of records lies beside them.)
pub(crate) fn page_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let is_page = |path: &PathBuf| {
        path.extension().is_some_and(|section| section.to_string_lossy().parse::<u8>().is_ok())
    };
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = files.filter(is_page).collect();
    pages.sort();
    pages
}

/// A page that is made of the definition of a program's arguments.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its file below `man`, such as `streamctl-topic.1`.
    pub(crate) file: String,
    /// Its roff.
    pub(crate) text: String,
}

/// Returns every page that is not by hand.
pub(crate) fn pages() -> Vec<Page> {
    let mut names = Vec::new();
    for program in Program::ALL {
        let command = built(program);
        names.push(program.name().to_owned());
        each_group(&command, &mut |group| names.push(page_name(&command, group)));
    }
    let mut pages = Vec::new();
    for program in Program::ALL {
        let root = built(program);
        let writer = Writer::new(program, &root, &names);
        pages.push(writer.page_of_program());
        each_group(&root, &mut |group| pages.push(writer.page_of_group(group)));
    }
    pages
}

/// Returns the definition of a program's arguments, complete.
pub(crate) fn built(program: Program) -> Command {
    let mut command = program.command();
    command.build();
    command
}

/// Calls `visit` for each command below `command`, save for `help` and what is hidden.
fn each_inner<'a>(command: &'a Command, visit: &mut dyn FnMut(&'a Command)) {
    for inner in command.get_subcommands() {
        if inner.get_name() != "help" && !inner.is_hide_set() {
            visit(inner);
        }
    }
}

/// Calls `visit` for each group of commands, outer ones first.
fn each_group<'a>(command: &'a Command, visit: &mut dyn FnMut(&'a Command)) {
    each_inner(command, &mut |inner| {
        if inner.has_subcommands() {
            visit(inner);
            each_group(inner, visit);
        }
    });
}

/// Returns the commands directly below that have none below themselves.
pub(crate) fn leaves(command: &Command) -> Vec<&Command> {
    let mut leaves = Vec::new();
    each_inner(command, &mut |inner| {
        if !inner.has_subcommands() {
            leaves.push(inner);
        }
    });
    leaves
}

fn page_name(root: &Command, group: &Command) -> String {
    format!("{}-{}", root.get_name(), group.get_name())
}

/// Returns the words that a command is called with.
fn words(command: &Command) -> &str {
    command.get_bin_name().unwrap_or_else(|| command.get_name())
}

/// Returns what a command does, in full.
fn about(command: &Command) -> String {
    let text = command.get_long_about().or(command.get_about());
    text.unwrap_or_else(|| panic!("`{}` has no text", words(command))).to_string()
}

/// Returns what a command does, in a line without a full stop.
fn about_line(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// Returns a text with its first letter in lower case, unless it is a name.
fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Returns the heading under which an option stands in help if several commands have it.
fn heading(option: &Arg) -> Option<&str> {
    option.get_help_heading().filter(|_| !option.is_global_set())
}

/// Whether two commands have this option under one heading and with one text.
fn are_one(one: &Arg, other: &Arg) -> bool {
    let text = |option: &Arg| option.get_help().map(ToString::to_string);
    one.get_id() == other.get_id()
        && heading(one).is_some()
        && heading(one) == heading(other)
        && text(one) == text(other)
}

/// Returns the options that several commands have under one heading: they are explained once.
fn shared_by<'a>(leaves: &[&'a Command]) -> Vec<&'a Arg> {
    let mut shared: Vec<&Arg> = Vec::new();
    for leaf in leaves {
        for option in leaf.get_arguments() {
            let having = leaves
                .iter()
                .filter(|leaf| leaf.get_arguments().any(|other| are_one(option, other)));
            if having.count() > 1 && !shared.iter().any(|known| are_one(known, option)) {
                shared.push(option);
            }
        }
    }
    shared
}

struct Writer<'a> {
    program: Program,
    spelling: Spelling,
    root: &'a Command,
    pages: &'a [String],
}

impl<'a> Writer<'a> {
    fn new(program: Program, root: &'a Command, pages: &'a [String]) -> Self {
        Self { program, spelling: program.spelling(), root, pages }
    }

    /// Returns the page of the program itself.
    fn page_of_program(&self) -> Page {
        let name = self.program.name();
        let mut text = self.opening(name, &about_line(self.root));
        text.push_str(".SH SYNOPSIS\n");
        if !self.root.has_subcommands() {
            self.synopsis(&mut text, self.root);
            self.description(&mut text, self.root);
            self.options_by_heading(&mut text);
            self.closing(&mut text, name);
            return Page { file: format!("{name}.1"), text };
        }
        text.push_str(".nf\n");
        each_group(self.root, &mut |group| {
            let words = prose(words(group));
            let _ = writeln!(text, "\\fB{words}\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR ...]");
        });
        for leaf in leaves(self.root) {
            let _ = writeln!(text, "{}", self.short_synopsis(leaf));
        }
        let _ = writeln!(text, "\\fB{name} help\\fR [\\fICOMMAND\\fR ...]");
        let _ = writeln!(text, "\\fB{name} \\-\\-version\\fR\n.fi");
        self.description(&mut text, self.root);
        text.push_str(".SH COMMANDS\n");
        each_group(self.root, &mut |group| {
            let _ = writeln!(text, ".SS {}", quoted(&prose(words(group))));
            let page = self.marked(&format!("{}(1)", page_name(self.root, group)));
            let _ = writeln!(text, "{};\nsee\n{page}.", self.marked(&about_line(group)));
            text.push_str(".PP\n.PD 0\n");
            for leaf in leaves(group) {
                let name = prose(leaf.get_name());
                let _ = writeln!(text, ".TP 10n\n.B {name}\n{}", self.marked(&about_line(leaf)));
            }
            text.push_str(".PD\n");
        });
        for leaf in leaves(self.root) {
            self.command(&mut text, leaf, &[]);
        }
        text.push_str(".SH OPTIONS\nEvery command takes these.\n");
        let options = || self.root.get_arguments().filter(|option| !option.is_hide_set());
        for option in options().filter(|option| option.is_global_set()) {
            self.option(&mut text, option);
        }
        text.push_str(".PP\nWithout a command:\n");
        for option in options().filter(|option| !option.is_global_set()) {
            self.option(&mut text, option);
        }
        self.closing(&mut text, name);
        Page { file: format!("{name}.1"), text }
    }

    /// Returns the page of a group of commands.
    fn page_of_group(&self, group: &Command) -> Page {
        let name = page_name(self.root, group);
        let mut text = self.opening(&name, &about_line(group));
        text.push_str(".SH SYNOPSIS\n.nf\n");
        let leaves = leaves(group);
        for leaf in &leaves {
            let _ = writeln!(text, "{}", self.short_synopsis(leaf));
        }
        text.push_str(".fi\n");
        self.description(&mut text, group);
        let mut inner = Vec::new();
        each_group(group, &mut |group| {
            inner.push(self.marked(&format!("{}(1)", page_name(self.root, group))));
        });
        if !inner.is_empty() {
            let _ = writeln!(text, ".PP\nThe groups of commands below it have pages of their own:");
            let _ = writeln!(text, "{}.", inner.join(",\n"));
        }
        let shared = shared_by(&leaves);
        text.push_str(".SH COMMANDS\n");
        for leaf in leaves {
            self.command(&mut text, leaf, &shared);
        }
        text.push_str(".SH OPTIONS\n");
        let mut headings: Vec<&str> = shared.iter().filter_map(|option| heading(option)).collect();
        headings.dedup();
        for heading in &headings {
            let _ = writeln!(text, ".SS {}", quoted(&prose(heading)));
            for option in shared.iter().filter(|option| self::heading(option) == Some(heading)) {
                self.option(&mut text, option);
            }
        }
        if !headings.is_empty() {
            text.push_str(".SS \"Options of every command\"\n");
        }
        let every = self.root.get_arguments().filter(|option| option.is_global_set());
        let every: Vec<String> =
            every.map(|option| self.marked(&format!("`{}`", self.spelt(option)))).collect();
        let root = self.marked(&format!("{}(1)", self.root.get_name()));
        let _ = writeln!(text, "{}:\nsee\n{root}.", every.join(",\n"));
        self.closing(&mut text, &name);
        Page { file: format!("{name}.1"), text }
    }

    fn opening(&self, name: &str, about: &str) -> String {
        let version = self.root.get_version().unwrap_or_default();
        let mut text = String::from(".\\\" Made from the definition of the arguments; see ");
        text.push_str("tests/suite/generated.rs\n");
        let title = prose(&name.to_uppercase());
        let _ = writeln!(text, ".TH {title} 1 \"\" \"streampath {version}\"");
        // Neither blanks in the middle of lines nor words cut in two.
        text.push_str(".ad l\n.nh\n.nr HY 0\n");
        let _ = writeln!(text, ".SH NAME\n{} \\- {}", prose(name), prose(&lowered(about)));
        text
    }

    fn description(&self, text: &mut String, command: &Command) {
        text.push_str(".SH DESCRIPTION\n");
        self.paragraphs(text, &about(command));
    }

    /// Writes paragraphs, the first one without a request before it.
    fn paragraphs(&self, text: &mut String, plain: &str) {
        for (index, paragraph) in plain.split("\n\n").enumerate() {
            text.push_str(if index == 0 { "" } else { ".PP\n" });
            let _ = writeln!(text, "{}", self.sentences(paragraph));
        }
    }

    /// Writes one command: its synopsis, what it does, its options but those shared by the page.
    fn command(&self, text: &mut String, leaf: &Command, shared: &[&Arg]) {
        let title = words(leaf).strip_prefix(self.root.get_name()).unwrap_or(words(leaf));
        let _ = writeln!(text, ".SS {}", quoted(&prose(title.trim_start())));
        let is_shared = |option: &&Arg| shared.iter().any(|it| are_one(it, option));
        let own = || {
            let own = leaf.get_arguments().filter(|option| !option.is_global_set());
            own.filter(|option| !option.is_hide_set() && option.get_id() != "help")
        };
        let _ = writeln!(text, ".TP 4n\n\\fB{}\\fR", prose(words(leaf)));
        let mut parts: Vec<String> = Vec::new();
        for option in own() {
            let part = match heading(option).filter(|_| is_shared(&option)) {
                Some(heading) => {
                    format!("[\\fI{}\\fR]", prose(&lowered(heading)).replace(' ', "\\~"))
                }
                None => self.in_synopsis(option),
            };
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if parts.is_empty() {
            // An item wants a text.
            parts.push("\\&".to_owned());
        }
        let _ = writeln!(text, "{}\n.PP", parts.join("\n"));
        self.paragraphs(text, &about(leaf));
        for option in own().filter(|option| !is_shared(option)) {
            self.option(text, option);
        }
        for heading in own().filter(is_shared).filter_map(heading).collect::<Dedup>().0 {
            let names: Vec<String> = own()
                .filter(|option| is_shared(option) && self::heading(option) == Some(&heading))
                .map(|option| self.marked(&format!("`{}`", self.spelt(option))))
                .collect();
            let _ = writeln!(text, ".PP\n{}, explained below:", prose(&heading));
            let _ = writeln!(text, "{}.", names.join(",\n"));
        }
    }

    /// Writes all options of a program without commands, those under a heading behind the others.
    fn options_by_heading(&self, text: &mut String) {
        text.push_str(".SH OPTIONS\n");
        let options = || self.root.get_arguments().filter(|option| !option.is_hide_set());
        for option in options().filter(|option| option.get_help_heading().is_none()) {
            self.option(text, option);
        }
        for heading in options().filter_map(Arg::get_help_heading).collect::<Dedup>().0 {
            let _ = writeln!(text, ".SS {}", quoted(&prose(&heading)));
            for option in options().filter(|it| it.get_help_heading() == Some(&heading)) {
                self.option(text, option);
            }
        }
    }

    fn synopsis(&self, text: &mut String, command: &Command) {
        let _ = writeln!(text, "{}", self.short_synopsis(command));
    }

    /// Returns a command with the places of its options and its arguments.
    fn short_synopsis(&self, command: &Command) -> String {
        let mut line = format!("\\fB{}\\fR [\\fIOPTION\\fR ...]", prose(words(command)));
        for argument in command.get_positionals().filter(|argument| !argument.is_hide_set()) {
            let _ = write!(line, " {}", self.in_synopsis(argument));
        }
        line
    }

    /// Returns an option as a synopsis has it, kept on one line.
    fn in_synopsis(&self, option: &Arg) -> String {
        let tag = tag(self.spelling, option).replace(' ', "\\~");
        if option.is_required_set() || tag.starts_with('[') { tag } else { format!("[{tag}]") }
    }

    fn spelt(&self, option: &Arg) -> String {
        let name = option.get_long().unwrap_or_default();
        format!("{}{name}", self.spelling.dashes(name))
    }

    /// Writes an option: how it is spelt, what it does, its values, its default, its other names.
    fn option(&self, text: &mut String, option: &Arg) {
        let _ = writeln!(text, ".TP\n{}", tag(self.spelling, option));
        let help = option.get_long_help().or(option.get_help());
        let help = help.unwrap_or_else(|| panic!("`{}` has no text", option.get_id())).to_string();
        let (help, mut default) = without_default(&help);
        let defaults = option.get_default_values();
        if default.is_none() && option.get_action().takes_values() && !defaults.is_empty() {
            let words: Vec<_> = defaults.iter().map(|word| word.to_string_lossy()).collect();
            default = Some(words.join(","));
        }
        let others = self.other_names(option);
        let values: Vec<_> = option
            .get_possible_values()
            .into_iter()
            .filter(|value| !value.is_hide_set() && option.get_action().takes_values())
            .collect();
        let explained = values.iter().any(|value| value.get_help().is_some());
        let is_truth =
            values.iter().map(clap::builder::PossibleValue::get_name).eq(["true", "false"]);
        let default = default.map(|default| format!("Default: {default}."));
        for (index, paragraph) in help.split("\n\n").enumerate() {
            let mut paragraph = stopped(paragraph);
            if index == 0 {
                if !values.is_empty() && (is_truth || !explained) {
                    let names: Vec<String> =
                        values.iter().map(|value| format!("`{}`", value.get_name())).collect();
                    let _ = write!(paragraph, " {}.", names.join(" or "));
                }
                if let Some(default) = &default {
                    let _ = write!(paragraph, " {default}");
                }
                if !others.is_empty() {
                    let _ = write!(paragraph, " Also spelt {}.", others.join(", "));
                }
            }
            text.push_str(if index == 0 { "" } else { ".IP\n" });
            let _ = writeln!(text, "{}", self.sentences(&paragraph));
        }
        if values.is_empty() || is_truth || !explained {
            return;
        }
        text.push_str(".RS\n.PD 0\n");
        let width = values.iter().map(|value| value.get_name().len()).max().unwrap_or(0) + 2;
        for value in values {
            let name = prose(value.get_name());
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            let mut help = stopped(&help);
            let others: Vec<&str> = value.get_name_and_aliases().skip(1).collect();
            if !others.is_empty() {
                let _ = write!(help, " Also spelt `{}`.", others.join("`, `"));
            }
            let _ = writeln!(text, ".TP {width}n\n.B {name}\n{}", self.sentences(&help));
        }
        text.push_str(".PD\n.RE\n");
    }

    /// Returns what else an option may be called.
    fn other_names(&self, option: &Arg) -> Vec<String> {
        let long = option.get_all_aliases().unwrap_or_default();
        let long = long.into_iter().map(|name| format!("`{}{name}`", self.spelling.dashes(name)));
        let letters = option.get_all_short_aliases().unwrap_or_default();
        let letters = option.get_short().into_iter().chain(letters);
        letters.map(|letter| format!("`-{letter}`")).chain(long).collect()
    }

    /// Writes what stands behind the options in every page.
    fn closing(&self, text: &mut String, page: &str) {
        let manual = manual(page).unwrap_or_else(|| {
            panic!("{page} has no examples: give it some in src/cli/manual");
        });
        let is_group = page != self.program.name();
        text.push_str(".SH \"EXIT STATUS\"\n.PD 0\n");
        for (exit, meaning) in Exit::ALL {
            let _ = writeln!(text, ".TP 6n\n.B {}\n{}", exit.status(), self.sentences(meaning));
        }
        text.push_str(".PD\n.SH ENVIRONMENT\n");
        if is_group {
            let names: Vec<String> =
                variables().iter().map(|(name, _)| format!("\\fB{name}\\fR")).collect();
            let root = self.marked(&format!("{}(1)", self.root.get_name()));
            let _ = writeln!(text, "{}:\nsee\n{root}.", names.join(",\n"));
        } else {
            for (name, meaning) in variables() {
                let _ = writeln!(text, ".TP\n.B {name}\n{}", self.sentences(meaning));
            }
        }
        text.push_str(".SH FILES\n");
        for (name, meaning) in FILES {
            let _ = writeln!(text, ".TP\n.I {}\n{}", prose(name), self.sentences(meaning));
        }
        self.notes(text, manual);
        text.push_str(".SH EXAMPLES\n");
        for (index, (what, session)) in manual.examples.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { ".PP\n" });
            let _ = writeln!(text, "{}\n.PP\n.EX\n{}.EE", self.sentences(what), example(session));
        }
        text.push_str(".SH \"SEE ALSO\"\n");
        let generated = self.pages.iter().map(|name| (1, name.clone()));
        let by_hand = BY_HAND.iter().filter_map(|file| {
            let (name, section) = file.rsplit_once('.')?;
            Some((section.parse::<u8>().ok()?, name.to_owned()))
        });
        let mut others: Vec<(u8, String)> =
            generated.chain(by_hand).filter(|(_, name)| name != page).collect();
        others.sort();
        let others: Vec<String> = others
            .iter()
            .map(|(section, name)| format!(".BR \\%{} ({section})", prose(name)))
            .collect();
        let _ = writeln!(text, "{}", others.join(",\n"));
    }

    fn notes(&self, text: &mut String, manual: &Manual) {
        for (index, note) in manual.notes.iter().enumerate() {
            text.push_str(if index == 0 { ".SH NOTES\n" } else { ".PP\n" });
            let _ = writeln!(text, "{}", self.sentences(note));
        }
    }

    /// Returns plain text as roff, each sentence on lines of its own.
    fn sentences(&self, plain: &str) -> String {
        request(&self.marked(&stopped(plain)))
    }

    /// Returns plain text as roff, with names of options and pages and words in backquotes marked.
    fn marked(&self, plain: &str) -> String {
        let mut text = String::new();
        for (index, part) in plain.split('`').enumerate() {
            if index % 2 == 1 {
                let _ = write!(text, "\\fB{}\\fR", prose(part).replace("  ", "\\~\\~"));
                continue;
            }
            for word in part.split_inclusive(char::is_whitespace) {
                let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
                let bare = bare.trim_start_matches(['(', '\'', '"']);
                let before = &word[..word.find(bare).unwrap_or(0)];
                let after = &word[before.len() + bare.len()..];
                let shown = if self.is_option(bare) {
                    format!("\\fB\\%{}\\fR", prose(bare))
                } else if let Some((page, section)) = page_reference(bare) {
                    format!("\\fB\\%{}\\fR({section})", prose(page))
                } else {
                    prose(bare)
                };
                let _ = write!(text, "{}{shown}{}", prose(before), prose(after));
            }
        }
        text
    }

    /// Whether a word is an option of the program, as it is typed.
    fn is_option(&self, word: &str) -> bool {
        let Some(name) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
            return false;
        };
        let mut left = vec![self.root];
        while let Some(command) = left.pop() {
            if command.get_arguments().any(|option| option.get_long() == Some(name)) {
                return true;
            }
            left.extend(command.get_subcommands());
        }
        // An exit status speaks of an option of the consumer.
        word.starts_with("--") && name.starts_with(|c: char| c.is_ascii_lowercase())
    }
}

/// Names in their order, each once.
struct Dedup(Vec<String>);

impl<'a> FromIterator<&'a str> for Dedup {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut once: Vec<String> = Vec::new();
        for name in names {
            if !once.iter().any(|known| known == name) {
                once.push(name.to_owned());
            }
        }
        Self(once)
    }
}

/// Returns an option with its value, or an argument, as the tag of its paragraph.
fn tag(spelling: Spelling, option: &Arg) -> String {
    let names: Vec<String> = match option.get_value_names() {
        Some(names) => names.iter().map(|name| format!("\\fI{}\\fR", prose(name))).collect(),
        None => vec![format!("\\fI{}\\fR", prose(&option.get_id().as_str().to_uppercase()))],
    };
    let value = names.join(" ");
    let Some(name) = option.get_long() else {
        let several = if matches!(option.get_action(), ArgAction::Append) { " ..." } else { "" };
        let value = format!("{value}{several}");
        return if option.is_required_set() { value } else { format!("[{value}]") };
    };
    let name = prose(&format!("{}{name}", spelling.dashes(name)));
    if !option.get_action().takes_values() {
        return format!("\\fB{name}\\fR");
    }
    match option.get_num_args().map_or(1, |range| range.min_values()) {
        0 => format!("\\fB{name}\\fR [{value}]"),
        _ => format!("\\fB{name}\\fR {value}"),
    }
}

/// Splits off the default that an option's text names in its own words.
fn without_default(help: &str) -> (String, Option<String>) {
    let Some((before, rest)) = help.split_once("[default: ") else {
        return (help.to_owned(), None);
    };
    let Some((default, after)) = rest.split_once(']') else { return (help.to_owned(), None) };
    (format!("{}{after}", before.trim_end()), Some(default.to_owned()))
}

/// Returns a paragraph with a full stop at its end, if it has no other mark there.
fn stopped(paragraph: &str) -> String {
    let text = paragraph.trim();
    let is_stopped = text.is_empty() || text.ends_with(['.', ':', '!', '?']);
    if is_stopped { text.to_owned() } else { format!("{text}.") }
}

/// Splits a reference to a page: `streams(7)`.
fn page_reference(word: &str) -> Option<(&str, char)> {
    let (page, section) = word.split_once('(')?;
    let section = section.strip_suffix(')')?;
    let mut digits = section.chars();
    let digit = digits.next().filter(char::is_ascii_digit)?;
    (digits.next().is_none() && !page.is_empty()).then_some((page, digit))
}
