//! `streamctl stream create`.

use clap::Args;

use crate::access::Action;
use crate::catalog::StreamAttributes;
use crate::path::check_partitions;
use crate::record::{Compression, TimestampType};
use crate::store::StoreError;

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::names::{StreamName, not_a_name, parse_stream};
use super::numbers::{milliseconds, partitions, seconds};
use super::permissions::Permissions;
use super::plan::{PlanOptions, attribute_rows, plan_of};
use super::words::{StreamCodec, TimestampWord, Truth};

/// Create a stream
///
/// Directories above it are made. Each of the five permissions is an access control expression; you
/// alone have those that are not given. The files of the stream open as far as the expressions let
/// others in: see stream-store(5). Without -copymetafrom a new stream has the defaults that are
/// named with the attributes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,

    #[command(flatten)]
    options: AttributeOptions,

    /// Give it all attributes of this stream, save those that are named here
    #[arg(long, value_name = "STREAM")]
    copymetafrom: Option<String>,

    /// Make it a change log, whose topics keep their number of partitions [default: false]
    #[arg(long, value_name = "BOOLEAN")]
    ischangelog: Option<Truth>,

    #[command(flatten)]
    plan: PlanOptions,
}

/// The attributes that a stream can be created with and that can be edited later.
#[derive(Debug, Args)]
#[command(next_help_heading = "Attributes of a stream")]
pub(super) struct AttributeOptions {
    /// Keep messages for so many seconds; 0 keeps them for ever [default: 604800]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    ttl: Option<u64>,

    /// Create a topic when a producer first writes to it [default: true]
    #[arg(long, value_name = "BOOLEAN")]
    autocreate: Option<Truth>,

    /// Give a new topic so many partitions, 1 to 4096, unless it is told otherwise [default: 1]
    #[arg(long, value_name = "N", value_parser = partitions, allow_negative_numbers = true)]
    defaultpartitions: Option<u64>,

    /// Compress what producers write without a codec of their own [default: off]
    #[arg(long, value_name = "CODEC")]
    compression: Option<StreamCodec>,

    /// Say whose clock stamps messages [default: createtime]
    #[arg(long, value_name = "TYPE")]
    defaulttimestamptype: Option<TimestampWord>,

    /// Forget an idle producer's identity after so many seconds (stored and shown; no producer has
    /// an identity yet) [default: 604800]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pidexpirysecs: Option<u64>,

    /// Compact no message that is younger than so many milliseconds (stored and shown; nothing is
    /// compacted yet) [default: 0]
    #[arg(long, value_name = "MS", value_parser = milliseconds, allow_negative_numbers = true)]
    mincompactionlag: Option<i64>,

    /// Keep a tombstone for so many milliseconds (stored and shown; nothing is compacted yet)
    /// [default: 86400000]
    #[arg(long, value_name = "MS", value_parser = milliseconds, allow_negative_numbers = true)]
    deleteretention: Option<i64>,

    #[command(flatten)]
    permissions: Permissions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let path = self.name.stream("streamctl stream create")?;
        let home = session.home()?;
        let mut attributes = StreamAttributes::created_by(&session.environment.caller);
        if let Some(model) = &self.copymetafrom {
            let model = home.stream(&parse_stream(model)?)?;
            model.authorize(Action::CopyFrom)?;
            attributes = model.attributes()?;
        }
        if let Some(truth) = self.ischangelog {
            attributes.is_changelog = truth.is_true();
        }
        self.options.apply(&mut attributes)?;
        if self.plan.dry_run {
            match home.stream(&path) {
                Ok(_) => return Err(StoreError::StreamExists { stream: path }.into()),
                Err(StoreError::StreamNotFound { .. }) => (),
                Err(error) => return Err(error.into()),
            }
            let rows = attribute_rows(path.as_str(), None, &attributes);
            return session.print(&plan_of("create stream", path.as_str(), rows));
        }
        home.create_stream(&path, &attributes)?;
        self.options.note(session);
        session.done()
    }
}

impl AttributeOptions {
    /// Says what an option does that is not what its word says.
    pub(super) fn note(&self, session: &Session) {
        if self.compression == Some(StreamCodec::Lzf) {
            session.terminal.note(&format!("{}: compression lzf is stored as lz4", session.name));
        }
    }

    /// Sets what was named; the rest stays.
    ///
    /// # Errors
    ///
    /// A value is not allowed: exit 2.
    pub(super) fn apply(&self, attributes: &mut StreamAttributes) -> Result<(), Failure> {
        if let Some(seconds) = self.ttl {
            attributes.ttl_s = seconds;
        }
        if let Some(truth) = self.autocreate {
            attributes.autocreate = truth.is_true();
        }
        if let Some(partitions) = self.defaultpartitions {
            attributes.default_partitions = check_partitions(partitions).map_err(not_a_name)?;
        }
        if let Some(codec) = self.compression {
            attributes.compression = Compression::from(codec);
        }
        if let Some(word) = self.defaulttimestamptype {
            attributes.timestamp_type = TimestampType::from(word);
        }
        if let Some(seconds) = self.pidexpirysecs {
            attributes.pid_expiry_s = seconds;
        }
        if let Some(ms) = self.mincompactionlag {
            attributes.min_compaction_lag_ms = ms;
        }
        if let Some(ms) = self.deleteretention {
            attributes.delete_retention_ms = ms;
        }
        self.permissions.apply(attributes)?;
        Ok(())
    }
}
