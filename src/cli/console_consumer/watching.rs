//! The options about how reading goes: what is expected of it, how fast it goes, what is told.

use std::time::Duration;

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::on_error::OnError;
use crate::cli::pace::{PaceArguments, Pacer};
use crate::cli::place::parse_duration_ms;
use crate::consume::OnDamage;

/// The options about how reading goes.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct WatchArguments {
    /// Stop as soon as so many records were printed; the exit status is 6 if they do not come
    ///
    /// However reading ends without them, by --within, --timeout-ms, --until or --max-messages, the
    /// status is 6 and what came is told. With 0 the first record that is printed makes it 6, and
    /// one of the first three options says until when none may come.
    #[arg(long, value_name = "N")]
    expect: Option<u64>,

    /// With --expect, how long to wait for all of them, such as 5s, 500ms or 2m
    #[arg(long, value_name = "DURATION", requires = "expect")]
    within: Option<String>,

    /// What to do about records that are damaged or cannot be decoded
    ///
    /// skip tells of them and goes on behind them, and the status is 7 at the end; stop ends before
    /// them with status 7. Without a group skip is what happens, with one it is stop.
    #[arg(long, value_name = "WHAT", value_enum)]
    on_error: Option<OnError>,

    #[command(flatten)]
    pace: PaceArguments,

    /// Say at the end what was read, printed and left out, and why reading stopped
    ///
    /// The line follows the total on standard error. It is also there, without this option, where
    /// the total does not tell all: with a filter, with --expect, and when records were skipped.
    #[arg(long)]
    summary: bool,

    /// Leave out the total, the summary, the progress and the explanation of a silence
    #[arg(long, conflicts_with = "summary")]
    quiet: bool,

    /// Say what there is to read and why perhaps nothing is printed, and read nothing
    ///
    /// The same is told on a terminal when nothing was printed for two seconds. The exit status is
    /// 0 whatever the reason is.
    #[arg(long)]
    explain: bool,
}

/// The options about how reading goes, checked.
#[derive(Clone, Debug)]
pub(crate) struct Watching {
    /// How many records are to be printed.
    pub(super) expect: Option<u64>,
    /// How long they may take, and how that was written.
    pub(super) within: Option<(Duration, String)>,
    /// What to do about damage, if that was said.
    pub(super) on_damage: Option<OnDamage>,
    /// When records are due.
    pub(super) pacer: Option<Pacer>,
    /// The summary is wanted in any case.
    pub(super) summary: bool,
    /// Nothing but errors is told.
    pub(super) quiet: bool,
    /// Nothing is read, only explained.
    pub(super) explain: bool,
}

/// What other options say that matters here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Others {
    /// `--max-messages`.
    pub(super) records_max: Option<u64>,
    /// There is a `--timeout-ms` or an `--until`.
    pub(super) ends: bool,
    /// `--skip-corrupt`.
    pub(super) skip_corrupt: bool,
    /// `--count`.
    pub(super) count: bool,
}

impl WatchArguments {
    /// Checks what makes sense together.
    ///
    /// # Errors
    ///
    /// Something does not: exit 2.
    pub(super) fn checked(self, others: Others) -> Result<Watching, Failure> {
        if self.on_error == Some(OnError::Stop) && others.skip_corrupt {
            return Err(Failure::usage(
                "Options on-error stop and skip-corrupt cannot be specified together.",
            ));
        }
        if self.pace.is_given() && others.count {
            return Err(Failure::usage("Options pace and count cannot be specified together."));
        }
        if let (Some(expect), Some(max)) = (self.expect, others.records_max)
            && expect > max
        {
            return Err(Failure::usage(format!(
                "{expect} records are expected, but --max-messages stops after {max}"
            )));
        }
        if self.expect == Some(0) && self.within.is_none() && !others.ends {
            return Err(Failure::usage("nothing says until when no record may come")
                .with_hint("add --within 5s, or --until end for what is there already"));
        }
        let within = self.within.map(|text| match duration(&text) {
            Some(within) => Ok((within, text)),
            None => Err(Failure::usage(format!(
                "option --within: `{text}` is not a duration; expected one such as 5s, 500ms or 2m"
            ))),
        });
        let pacer = self.pace.checked()?;
        Ok(Watching {
            expect: self.expect,
            within: within.transpose()?,
            on_damage: self.on_error.map(|what| match what {
                OnError::Stop => OnDamage::Stop,
                OnError::Skip => OnDamage::StepOver,
            }),
            pacer,
            summary: self.summary,
            quiet: self.quiet,
            explain: self.explain,
        })
    }
}

fn duration(text: &str) -> Option<Duration> {
    parse_duration_ms(text).and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis)
}

impl Watching {
    /// After how many records to stop, `records_max` being what `--max-messages` says.
    ///
    /// If none is expected, the first one settles it.
    pub(super) fn records_max(&self, records_max: Option<u64>) -> Option<u64> {
        self.expect.map(|expect| expect.max(1)).into_iter().chain(records_max).min()
    }

    /// True if `printed` records are what was expected, or nothing was.
    pub(super) fn is_met(&self, printed: u64) -> bool {
        self.expect.is_none_or(|expect| printed == expect)
    }
}
