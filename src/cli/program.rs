//! The three programs from their first instruction to their exit status.

use std::ffi::{OsStr, OsString};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command};

use super::dialect::{Rewritten, Spelling, respell, rewrite};
use super::environment::Environment;
use super::failure::{Exit, Failure};
use super::kafka_settings::in_kafkas_words;
use super::nearness::commands_near;
use super::open_files;
use super::render::{Moment, error_envelope};
use super::session::Session;
use super::terminal::{MessageStyle, Terminal, complain, report};
use super::usage::usage_of;
use super::{
    complete, console_consumer, console_producer, kafka_consumer_groups, kafka_get_offsets,
    kafka_topics, streamctl,
};

/// One of the programs of this package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// `streamctl`, also called `maprcli`.
    Streamctl,
    /// `console-producer`, also called `kafka-console-producer`.
    ConsoleProducer,
    /// `console-consumer`, also called `kafka-console-consumer`.
    ConsoleConsumer,
    /// `kafka-topics`, a dialect of `streamctl`.
    KafkaTopics,
    /// `kafka-get-offsets`, a dialect of `streamctl`.
    KafkaGetOffsets,
    /// `kafka-consumer-groups`, a dialect of `streamctl`.
    KafkaConsumerGroups,
}

impl Program {
    /// Every program.
    pub const ALL: [Self; 6] = [
        Self::Streamctl,
        Self::ConsoleProducer,
        Self::ConsoleConsumer,
        Self::KafkaTopics,
        Self::KafkaGetOffsets,
        Self::KafkaConsumerGroups,
    ];

    /// Returns the program's own name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Streamctl => "streamctl",
            Self::ConsoleProducer => "console-producer",
            Self::ConsoleConsumer => "console-consumer",
            Self::KafkaTopics => "kafka-topics",
            Self::KafkaGetOffsets => "kafka-get-offsets",
            Self::KafkaConsumerGroups => "kafka-consumer-groups",
        }
    }

    /// Returns the executable that is this program when it is called by one of its names.
    ///
    /// A program whose executable has another name than its own is a dialect: it exists only as
    /// links to that executable.
    #[must_use]
    pub fn executable(self) -> &'static str {
        match self {
            Self::Streamctl | Self::ConsoleProducer | Self::ConsoleConsumer => self.name(),
            Self::KafkaTopics | Self::KafkaGetOffsets | Self::KafkaConsumerGroups => {
                Self::Streamctl.name()
            }
        }
    }

    /// Returns which program the executable of this one is, called by `path`, and by which name:
    /// without folder and without `.sh`, `.bat`, `.exe`.
    fn called(self, path: Option<&OsStr>) -> (Self, String) {
        let own = || (self, self.name().to_owned());
        let Some(name) = path.and_then(|path| Path::new(path).file_name()?.to_str()) else {
            return own();
        };
        let suffixes = [".sh", ".bat", ".exe"];
        let stem = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
        Self::ALL
            .into_iter()
            .filter(|program| program.executable() == self.executable())
            .find(|program| program.name() == stem || program.old_names().contains(&stem))
            .map_or_else(own, |program| (program, stem.to_owned()))
    }

    /// Returns the other names that `streamctl links` makes for it.
    #[must_use]
    pub fn old_names(self) -> &'static [&'static str] {
        match self {
            Self::Streamctl => &["maprcli"],
            Self::ConsoleProducer => &[
                "kafka-console-producer",
                "kafka-console-producer.sh",
                "kafka-console-producer.bat",
            ],
            Self::ConsoleConsumer => &[
                "kafka-console-consumer",
                "kafka-console-consumer.sh",
                "kafka-console-consumer.bat",
            ],
            Self::KafkaTopics => &["kafka-topics.sh", "kafka-topics.bat"],
            Self::KafkaGetOffsets => &["kafka-get-offsets.sh", "kafka-get-offsets.bat"],
            Self::KafkaConsumerGroups => &["kafka-consumer-groups.sh", "kafka-consumer-groups.bat"],
        }
    }

    /// Returns how the program's options are shown.
    #[must_use]
    pub fn spelling(self) -> Spelling {
        match self {
            Self::Streamctl => Spelling::OneDash,
            Self::ConsoleProducer
            | Self::ConsoleConsumer
            | Self::KafkaTopics
            | Self::KafkaGetOffsets
            | Self::KafkaConsumerGroups => Spelling::TwoDashes,
        }
    }

    /// Returns the definition of the program's arguments, from which help, manual pages and
    /// completions are made. Options have two dashes in it.
    #[must_use]
    pub fn command(self) -> Command {
        match self {
            Self::Streamctl => streamctl::command(),
            Self::ConsoleProducer => console_producer::command(),
            Self::ConsoleConsumer => console_consumer::command(),
            Self::KafkaTopics => kafka_topics::command(),
            Self::KafkaGetOffsets => kafka_get_offsets::command(),
            Self::KafkaConsumerGroups => kafka_consumer_groups::command(),
        }
    }
}

/// Set when any thread panicked: whatever else happened, the program then ends with 70.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Runs a program from its command line to its exit status. `executable` is the one that runs; the
/// name it is called by may make it a dialect.
pub fn main(executable: Program) -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let (program, name) = executable.called(words.first().map(OsString::as_os_str));
    if let Some(shell) = complete::is_asked(&words) {
        complete::answer(program, shell, words);
        return ExitCode::SUCCESS;
    }
    let style = match name.as_str() {
        "maprcli" => MessageStyle::Mapr,
        _ => MessageStyle::Own,
    };
    install_panic_hook(name.clone());
    open_files::allow_many();
    let run = AssertUnwindSafe(|| run(program, &name, style, words));
    let exit = panic::catch_unwind(run).unwrap_or(Exit::Bug);
    let exit = if PANICKED.load(Ordering::Relaxed) { Exit::Bug } else { exit };
    ExitCode::from(exit.status())
}

fn run(program: Program, name: &str, style: MessageStyle, words: Vec<OsString>) -> Exit {
    let opened = Environment::read().and_then(|environment| {
        Ok((Terminal::open(environment.columns, environment.no_colour)?, environment))
    });
    let (terminal, environment) = match opened {
        Ok(opened) => opened,
        Err(failure) => {
            report(name, style, &failure);
            return failure.exit;
        }
    };
    let mut session = Session::new(program, name, environment, terminal);
    let mut command = program
        .command()
        .bin_name(name)
        .term_width(usize::from(session.terminal.width).clamp(40, 100));
    command.build();
    let typed = rewrite(&command, words);
    let matches = match command.try_get_matches_from_mut(&typed.words) {
        Ok(matches) => matches,
        Err(error) => return answer(error, &typed, &session, style),
    };
    match dispatch(program, &matches, &mut session) {
        Ok(exit) => exit,
        Err(failure) => {
            let exit = tell(&failure, session.wants_json(), &session, style);
            if !failure.required.is_empty() && !session.wants_json() {
                let spelling = program.spelling();
                complain(&usage_of(&command, &matches, failure.required, spelling));
            }
            exit
        }
    }
}

fn dispatch(
    program: Program,
    matches: &ArgMatches,
    session: &mut Session,
) -> Result<Exit, Failure> {
    match program {
        Program::Streamctl => streamctl::run(matches, session),
        Program::ConsoleProducer => console_producer::run(matches, session),
        Program::ConsoleConsumer => console_consumer::run(matches, session),
        Program::KafkaTopics => kafka_topics::run(matches, session),
        Program::KafkaGetOffsets => kafka_get_offsets::run(matches, session),
        Program::KafkaConsumerGroups => kafka_consumer_groups::run(matches, session),
    }
}

/// Says why there is nothing to run: help and version were asked for, or the words are wrong.
fn answer(error: clap::Error, typed: &Rewritten, session: &Session, style: MessageStyle) -> Exit {
    let spelling = session.program.spelling();
    let kind = error.kind();
    let wanted = matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let is_help = wanted || kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let coloured = |colour: bool, text: clap::builder::StyledStr| {
        if colour { text.ansi().to_string() } else { text.to_string() }
    };
    if is_help {
        let colour = if wanted {
            session.terminal.colours_output()
        } else {
            session.terminal.colours_errors()
        };
        let text = spelling.respelt(&coloured(colour, error.render()));
        if !wanted {
            complain(&text);
            return Exit::Usage;
        }
        return match session.terminal.write(text.as_bytes()) {
            Ok(()) => Exit::Done,
            Err(failure) => tell(&failure, false, session, style),
        };
    }
    if let Some(word) = &typed.odd_dash {
        let plain = word.trim_start_matches(|first: char| !first.is_alphanumeric());
        let dashes = spelling.dashes(plain);
        let failure = Failure::usage(format!(
            "`{word}` begins with a typographic dash, as slides and word processors make them"
        ))
        .with_hint(format!("type {dashes}{plain}"));
        return tell(&failure, typed.mentions("json"), session, style);
    }
    let mut error = respell(with_commands_near(error, session.program), typed, spelling);
    if session.program != Program::Streamctl {
        // Of one command the line repeats what was typed, and leaves out half of it.
        error.remove(ContextKind::Usage);
    }
    if typed.mentions("json") && session.program == Program::Streamctl {
        let text = error.render().to_string();
        let sentence: Vec<&str> =
            text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        let sentence = sentence.join(" ");
        let failure = Failure::usage(sentence.strip_prefix("error: ").unwrap_or(&sentence));
        return tell(&failure, true, session, style);
    }
    let colour = style == MessageStyle::Own && session.terminal.colours_errors();
    let mut text = coloured(colour, error.render());
    if session.program != Program::Streamctl {
        text = in_kafkas_words(&error, text);
    }
    match (style, text.strip_prefix("error: ")) {
        (MessageStyle::Mapr, Some(text)) => {
            complain(&format!("ERROR ({}) -  {text}", Exit::Usage.mapr_id()));
        }
        _ => complain(&text),
    }
    Exit::Usage
}

/// Adds the commands that may have been meant by a word that is none, where clap knows of none.
fn with_commands_near(mut error: clap::Error, program: Program) -> clap::Error {
    let word = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) => word.clone(),
        _ => return error,
    };
    if error.get(ContextKind::SuggestedSubcommand).is_none() {
        let near = commands_near(&program.command(), &word);
        if !near.is_empty() {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(near));
        }
    }
    error
}

/// Prints a failure: in MapR's envelope if JSON was asked for, else as a line of text.
fn tell(failure: &Failure, json: bool, session: &Session, style: MessageStyle) -> Exit {
    if json && !failure.is_quiet() {
        let now = session.environment.clock.now();
        let moment = Moment { now, zone: session.environment.zone() };
        let envelope = error_envelope(failure, &moment);
        if session.terminal.write(envelope.as_bytes()).is_ok() {
            return failure.exit;
        }
    }
    report(&session.name, style, failure);
    failure.exit
}

/// A panic is a bug of ours: one plain message, no backtrace.
fn install_panic_hook(name: String) {
    panic::set_hook(Box::new(move |panic| {
        PANICKED.store(true, Ordering::Relaxed);
        let payload = panic.payload();
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let failure =
            Failure::message(Exit::Bug, format!("a bug in this program: {text} ({place})"))
                .with_hint(
                    "please report this line with the command; what was acknowledged is stored",
                );
        report(&name, MessageStyle::Own, &failure);
    }));
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::Program;

    #[test]
    fn a_program_knows_its_names_and_takes_no_other() {
        let called = |executable: Program, path: &str| executable.called(Some(OsStr::new(path)));
        let is = |program, name: &str| (program, name.to_owned());
        let control = Program::Streamctl;
        assert_eq!(called(control, "/usr/bin/maprcli"), is(control, "maprcli"));
        assert_eq!(called(control, "./x"), is(control, "streamctl"));
        assert_eq!(called(control, "console-producer"), is(control, "streamctl"));
        assert_eq!(called(control, "kafka-topics.bat"), is(Program::KafkaTopics, "kafka-topics"));
        let producer = Program::ConsoleProducer;
        for suffix in ["", ".sh", ".bat"] {
            let path = format!("./kafka-console-producer{suffix}");
            assert_eq!(called(producer, &path), is(producer, "kafka-console-producer"));
        }
        let consumer = Program::ConsoleConsumer;
        assert_eq!(consumer.called(None), is(consumer, "console-consumer"));
    }

    #[test]
    fn the_definitions_are_sound() {
        for program in Program::ALL {
            program.command().debug_assert();
        }
    }

    /// A cluster of one-letter options can never be mistaken for an old-style long name: a letter
    /// (-h, -V, and the consumer's -c and -v) is only a second name of a long option.
    #[test]
    fn no_option_has_one_letter_only() {
        for program in Program::ALL {
            let mut command = program.command();
            command.build();
            let mut left = vec![&command];
            while let Some(command) = left.pop() {
                for option in command.get_arguments() {
                    let letter = option.get_short();
                    assert!(letter.is_none(), "{}: -{letter:?}", command.get_name());
                }
                left.extend(command.get_subcommands());
            }
        }
    }
}
