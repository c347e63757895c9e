//! Options that say which topics are read, from where in time, and in which order.

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use crate::cli::console_producer::one_topic;
use crate::cli::failure::Failure;
use crate::cli::place;
use crate::cli::session::Session;
use crate::cli::target::{Destination, resolve};
use crate::cli::topic_pattern::Matching;
use crate::consume::Order;

/// Where to read, beyond Kafka's options and places.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ReadingArguments {
    /// Read the topics whose whole names match, instead of --topic
    ///
    /// REGEX belongs to the stream of names without a path; /stream:REGEX names another one. A
    /// comma is an "or"; blanks and outer quotes do not count. /stream:^REGEX as a topic does the
    /// same, without these rules. Topics that match and come later are read from their first
    /// record; one that is deleted is told, and the rest goes on.
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    include: Option<String>,

    /// Read the topics whose whole names match, as older tools spell it
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    whitelist: Option<String>,

    /// Start with the last N records of all partitions and topics together
    ///
    /// The newest ones by time, before the end or before --until, in the order of their times, and
    /// of equal times by topic, partition and offset. Then what comes, as with --from; --until end
    /// ends behind them. Not together with --from, --from-beginning, --offset or --group.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    last: Option<u64>,

    /// Print partition by partition as it is read fastest, or merged by time
    ///
    /// With time, the earliest of the records that come next in their partitions is printed first;
    /// each partition keeps its own order. What is there is merged; what is written later is
    /// printed as it comes.
    #[arg(long, value_name = "ORDER", default_value = "partition")]
    order: OrderArgument,

    /// Take times without a zone, @today and @yesterday for times of this zone
    ///
    /// A name such as Europe/Paris, or what lies between it and UTC (+02:00). Without it, the zone
    /// of this machine or of $TZ.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    tz: Option<String>,
}

/// Values of `--order`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum OrderArgument {
    /// Partitions take turns
    #[default]
    Partition,
    /// The earliest record first
    Time,
}

/// Which topics are read.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// One, which was named.
    Named(Destination),
    /// Those of a stream that match.
    Matching(Matching),
}

/// Options of the program that say something about the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Others<'a> {
    /// The name of the program.
    pub(super) name: &'a str,
    pub(super) topic: Option<&'a str>,
    pub(super) position: Option<&'a str>,
    pub(super) address: Option<&'a str>,
    pub(super) partition: bool,
    /// The name of the option that says where to start.
    pub(super) start: Option<&'static str>,
}

impl ReadingArguments {
    /// Checks how topics are named, in the order of Kafka's tool.
    ///
    /// # Errors
    ///
    /// In no way or in two, or several topics and one partition: exit 2.
    pub(super) fn check_naming(&self, others: &Others<'_>) -> Result<(), Failure> {
        let include = self.include()?;
        let is_topic = others.topic.is_some() || others.position.is_some();
        if is_topic == include.is_some() {
            return Err(Failure::usage(
                "Exactly one of the following arguments is required: [topic], [include]",
            )
            .with_hint(format!("{} --topic /stream:topic", others.name)));
        }
        let several = match include {
            Some(_) => true,
            None => Matching::is_meant(one_topic(others.topic, others.position, others.name)?),
        };
        if several && others.partition {
            return Err(Failure::usage("The topic is required when partition is specified."));
        }
        Ok(())
    }

    fn include(&self) -> Result<Option<&str>, Failure> {
        match (self.include.as_deref(), self.whitelist.as_deref()) {
            (Some(one), Some(other)) if one != other => {
                Err(Failure::usage("Options include and whitelist cannot be specified together."))
            }
            (one, other) => Ok(one.or(other)),
        }
    }

    /// Finds out which topics are meant.
    ///
    /// # Errors
    ///
    /// A name or an expression that is none: exit 2.
    pub(super) fn source(&self, others: &Others<'_>, session: &Session) -> Result<Source, Failure> {
        let default_stream = session.environment.default_stream.as_deref();
        if let Some(text) = self.include()? {
            let matching = Matching::of_include(text, others.address, default_stream)?;
            return Ok(Source::Matching(matching));
        }
        let topic = one_topic(others.topic, others.position, others.name)?;
        match Matching::of_topic(topic)? {
            Some(matching) => Ok(Source::Matching(matching)),
            None => Ok(Source::Named(resolve(topic, others.address, default_stream)?)),
        }
    }

    /// Checks what is read for a group.
    ///
    /// # Errors
    ///
    /// A start of its own: exit 2.
    pub(super) fn check_group(&self) -> Result<(), Failure> {
        match self.last {
            Some(_) => Err(Failure::usage("Options group and last cannot be specified together.")),
            None => Ok(()),
        }
    }

    /// Returns how many of the newest records to start with.
    ///
    /// # Errors
    ///
    /// Another option says where to start: exit 2.
    pub(super) fn last(&self, others: &Others<'_>) -> Result<Option<u64>, Failure> {
        match others.start.filter(|_| self.last.is_some()) {
            Some(other) => Err(Failure::usage(format!(
                "Options last and {other} cannot be specified together."
            ))),
            None => Ok(self.last),
        }
    }

    /// Returns the order of what is printed.
    pub(super) fn order(&self) -> Order {
        match self.order {
            OrderArgument::Partition => Order::Turns,
            OrderArgument::Time => Order::Time,
        }
    }

    /// Returns the zone of times that are given without one.
    ///
    /// # Errors
    ///
    /// There is no such zone: exit 2.
    pub(super) fn zone(&self, session: &Session) -> Result<TimeZone, Failure> {
        match &self.tz {
            Some(text) => place::parse_zone(text).map_err(Failure::usage),
            None => Ok(session.environment.zone()),
        }
    }
}
