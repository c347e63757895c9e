//! The only reader of the environment: where the store is, who asks, what time it is to be.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::access::{Accounts, Caller};
use crate::time::{Clock, FixedClock, SystemClock};

use super::failure::Failure;
use super::place;

/// Every variable that the programs read, with its line in the manual pages.
pub(crate) const VARIABLES: [(&str, &str); 13] = [
    (
        "STREAMPATH_HOME",
        "The directory of the store. Default: $XDG_DATA_HOME/streampath, else ~/.local/share/streampath.",
    ),
    ("XDG_DATA_HOME", "Where the store is when STREAMPATH_HOME is not set."),
    ("HOME", "Where the store is when neither is set."),
    (
        "STREAMPATH_DEFAULT_STREAM",
        "The stream that a topic named without a path belongs to, such as /sample-stream.",
    ),
    (
        "STREAMPATH_ALLOW_NETWORK",
        "If not empty, a store on a network file system is used all the same. Only safe while all \
         its users are on one machine.",
    ),
    (
        "STREAMPATH_NOW",
        "A fixed time for the whole run: RFC 3339, or @ and seconds or milliseconds since 1970. For tests and demos.",
    ),
    ("STREAMPATH_SEED", "A number that every random choice is made from. For tests and demos."),
    ("TZ", "The time zone of times that are printed or given without one."),
    (
        "LC_ALL",
        "The locale: if it is not one of UTF-8, bars and curves are printed in ASCII. If it is not \
         set, LC_CTYPE is asked.",
    ),
    ("LC_CTYPE", "The locale of characters, if LC_ALL is not set; if neither is, LANG is asked."),
    ("LANG", "The locale, if neither LC_ALL nor LC_CTYPE is set."),
    ("NO_COLOR", "If not empty, nothing is coloured unless --color says so."),
    ("COLUMNS", "The width of tables and help, instead of the terminal's."),
];

/// What the surroundings say.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    /// The directory of the store; `None` if no variable tells where.
    pub(crate) home: Option<PathBuf>,
    /// The stream of topics that are named without one.
    pub(crate) default_stream: Option<String>,
    /// A store on a network file system may be used.
    pub(crate) allow_network: bool,
    /// What time it is.
    pub(crate) clock: Arc<dyn Clock>,
    /// What random choices start from.
    pub(crate) seed: Option<u64>,
    /// Colour is not wanted.
    pub(crate) no_colour: bool,
    /// The locale's characters are those of UTF-8.
    pub(crate) is_utf8: bool,
    /// Columns to print for.
    pub(crate) columns: Option<u16>,
    /// Who runs this process, as the kernel knows it.
    pub(crate) caller: Caller,
    /// The users and groups of this machine.
    pub(crate) accounts: Arc<Accounts>,
    /// The words of the command line, the program's name first.
    pub(crate) arguments: Vec<OsString>,
}

impl Environment {
    /// Reads the environment of this process.
    ///
    /// # Errors
    ///
    /// A variable holds something that cannot be meant; exit 2, naming it.
    pub(crate) fn read() -> Result<Self, Failure> {
        Self::from_variables(variable, env::args_os().collect())
    }

    fn from_variables(
        variable: impl Fn(&str) -> Option<OsString>,
        arguments: Vec<OsString>,
    ) -> Result<Self, Failure> {
        let accounts = Arc::new(Accounts::parse(
            &fs::read("/etc/passwd").unwrap_or_default(),
            &fs::read("/etc/group").unwrap_or_default(),
        ));
        let text = |name: &str| {
            variable(name)
                .map(|value| {
                    value.into_string().map_err(|_| Failure::usage(format!("{name} is not UTF-8")))
                })
                .transpose()
        };
        Ok(Self {
            home: home(&variable)?,
            default_stream: text("STREAMPATH_DEFAULT_STREAM")?,
            allow_network: variable("STREAMPATH_ALLOW_NETWORK").is_some(),
            clock: match text("STREAMPATH_NOW")? {
                Some(value) => fixed_clock(&value)?,
                None => Arc::new(SystemClock),
            },
            seed: text("STREAMPATH_SEED")?.map(|value| seed(&value)).transpose()?,
            no_colour: variable("NO_COLOR").is_some(),
            is_utf8: is_utf8(&variable),
            columns: text("COLUMNS")?.and_then(|value| value.parse().ok()),
            caller: caller(&accounts),
            accounts,
            arguments,
        })
    }

    /// Returns the command line as one line of text, for the record of who changed what.
    #[must_use]
    pub(crate) fn command_line(&self) -> String {
        let words: Vec<String> = self
            .arguments
            .iter()
            .enumerate()
            .map(|(index, word)| {
                let word = word.to_string_lossy();
                let word =
                    if index == 0 { word.rsplit('/').next().unwrap_or(&word) } else { &word };
                quoted(word)
            })
            .collect();
        words.join(" ")
    }

    /// Makes something that chooses at random, from the seed if one is set.
    ///
    /// Only what `make` draws comes from the seed: names of temporary files must not repeat.
    pub(crate) fn seeded<T>(&self, make: impl FnOnce() -> T) -> T {
        let Some(seed) = self.seed else { return make() };
        let afterwards = fastrand::u64(..);
        fastrand::seed(seed);
        let made = make();
        fastrand::seed(afterwards);
        made
    }

    /// Returns the time zone that times are printed in.
    #[must_use]
    pub(crate) fn zone(&self) -> TimeZone {
        TimeZone::system()
    }
}

/// Returns a variable that is set to something.
#[expect(clippy::disallowed_methods, reason = "this is the reader that everyone else asks")]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// True if the first of the locale's variables that is set names UTF-8, as in `en_US.utf8`.
fn is_utf8(variable: &impl Fn(&str) -> Option<OsString>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    let locale = locale.unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

fn home(variable: &impl Fn(&str) -> Option<OsString>) -> Result<Option<PathBuf>, Failure> {
    let path = if let Some(home) = variable("STREAMPATH_HOME") {
        PathBuf::from(home)
    } else if let Some(data) = variable("XDG_DATA_HOME").map(PathBuf::from)
        // The XDG specification has relative paths ignored.
        && data.is_absolute()
    {
        data.join("streampath")
    } else if let Some(home) = variable("HOME") {
        PathBuf::from(home).join(".local/share/streampath")
    } else {
        return Ok(None);
    };
    std::path::absolute(&path)
        .map(Some)
        .map_err(|error| Failure::usage(format!("no store at `{}`: {error}", path.display())))
}

fn fixed_clock(value: &str) -> Result<Arc<dyn Clock>, Failure> {
    // Both `@…` and the bare time of RFC 3339 are read; nothing here may ask what time it is.
    let text = value.strip_prefix('@').unwrap_or(value);
    match place::parse_instant(text, &TimeZone::system()) {
        Some(now) => Ok(Arc::new(FixedClock(now))),
        None => Err(Failure::usage(format!("STREAMPATH_NOW is `{value}`, which is not a time"))
            .with_hint("export STREAMPATH_NOW=2026-11-22T10:00:00Z")),
    }
}

fn seed(value: &str) -> Result<u64, Failure> {
    value
        .parse()
        .map_err(|_| Failure::usage(format!("STREAMPATH_SEED is `{value}`, which is not a number")))
}

/// Returns who runs this process: the effective user and group and the supplementary groups, from
/// the kernel. What variables such as `USER` say plays no part.
fn caller(accounts: &Accounts) -> Caller {
    let mut groups = vec![rustix::process::getegid()];
    groups.extend(rustix::process::getgroups().unwrap_or_default());
    let groups: Vec<u32> = groups.into_iter().map(rustix::process::Gid::as_raw).collect();
    accounts.caller(rustix::process::geteuid().as_raw(), &groups)
}

/// Returns a word as a shell would need it.
#[must_use]
pub(crate) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@+%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::Environment;
    use crate::time::TimestampMs;

    fn with(pairs: &[(&str, &str)]) -> Result<Environment, super::Failure> {
        let find = |name: &str| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        };
        Environment::from_variables(find, vec!["/x/streamctl".into(), "it's".into()])
    }

    #[test]
    fn the_home_is_where_the_first_of_three_variables_says() {
        let all = [("STREAMPATH_HOME", "/a"), ("XDG_DATA_HOME", "/b"), ("HOME", "/c")];
        let home = |pairs: &[(&str, &str)]| with(pairs).unwrap().home;
        assert_eq!(home(&all).as_deref(), Some(Path::new("/a")));
        assert_eq!(home(&all[1..]).as_deref(), Some(Path::new("/b/streampath")));
        assert_eq!(home(&all[2..]).as_deref(), Some(Path::new("/c/.local/share/streampath")));
        assert_eq!(home(&[]), None);
        let relative = [("XDG_DATA_HOME", "b"), ("HOME", "/c")];
        assert_eq!(home(&relative).as_deref(), Some(Path::new("/c/.local/share/streampath")));
    }

    #[test]
    fn the_clock_can_be_fixed_in_three_spellings() {
        for text in ["2023-11-14T22:13:20Z", "@1700000000", "@1700000000000"] {
            let environment = with(&[("STREAMPATH_NOW", text)]).unwrap();
            assert_eq!(environment.clock.now(), TimestampMs(1_700_000_000_000), "{text}");
        }
        assert!(with(&[("STREAMPATH_NOW", "soon")]).is_err());
    }

    #[test]
    fn the_first_variable_of_the_locale_decides() {
        let is_utf8 = |pairs: &[(&str, &str)]| with(pairs).unwrap().is_utf8;
        assert!(!is_utf8(&[]));
        assert!(is_utf8(&[("LANG", "en_US.UTF-8")]) && is_utf8(&[("LC_CTYPE", "C.utf8")]));
        assert!(!is_utf8(&[("LC_ALL", "C"), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C.UTF-8")]));
        assert!(is_utf8(&[("LC_ALL", "de_DE.UTF-8@euro"), ("LANG", "C")]));
        assert!(!is_utf8(&[("LC_CTYPE", "POSIX"), ("LANG", "C.UTF-8")]));
    }

    #[test]
    fn a_seed_repeats_choices_and_nothing_else() {
        let seeded = with(&[("STREAMPATH_SEED", "7")]).unwrap();
        let draw = || (seeded.seeded(|| fastrand::u64(..)), fastrand::u64(..));
        let (first, second) = (draw(), draw());
        assert_eq!(first.0, second.0);
        assert_ne!(first.1, second.1);
        assert!(with(&[("STREAMPATH_SEED", "seven")]).is_err());
    }

    #[test]
    fn a_command_line_can_be_pasted() {
        assert_eq!(with(&[]).unwrap().command_line(), r"streamctl 'it'\''s'");
    }

    #[test]
    fn the_caller_is_whom_the_kernel_says_and_no_variable() {
        let plain = with(&[]).unwrap().caller;
        let told = with(&[("USER", "somebody"), ("LOGNAME", "somebody")]).unwrap().caller;
        assert_eq!(plain, told);
        assert_eq!(plain.uid, rustix::process::geteuid().as_raw());
        assert_eq!(plain.groups[0].gid, rustix::process::getegid().as_raw());
    }
}
