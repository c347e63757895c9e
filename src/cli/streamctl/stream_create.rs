//! `streamctl stream create`.

use clap::Args;

use crate::catalog::StreamAttributes;
use crate::path::check_partitions;
use crate::record::{Compression, TimestampType};

use crate::cli::failure::Failure;
use crate::cli::session::Session;

use super::names::{StreamName, not_a_name};
use super::words::{StreamCodec, TimestampWord, Truth};

/// Create a stream
///
/// Directories above it are made. Permissions are stored and shown, but not enforced yet.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,

    /// Keep messages for so many seconds; 0 keeps them for ever [default: 604800]
    #[arg(long, value_name = "SECONDS")]
    ttl: Option<u64>,

    /// Create a topic when a producer first writes to it [default: true]
    #[arg(long, value_name = "BOOLEAN")]
    autocreate: Option<Truth>,

    /// Give a new topic so many partitions, 1 to 4096, unless it is told otherwise [default: 1]
    #[arg(long, value_name = "N")]
    defaultpartitions: Option<u64>,

    /// Compress what producers write without a codec of their own [default: off]
    #[arg(long, value_name = "CODEC")]
    compression: Option<StreamCodec>,

    /// Say whose clock stamps messages [default: createtime]
    #[arg(long, value_name = "TYPE")]
    defaulttimestamptype: Option<TimestampWord>,

    /// Say who may publish (stored and shown, not enforced yet) [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    produceperm: Option<String>,

    /// Say who may read (stored and shown, not enforced yet) [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    consumeperm: Option<String>,

    /// Say who may create and delete topics (stored and shown, not enforced yet) [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    topicperm: Option<String>,

    /// Say who may copy the stream (stored and shown, not enforced yet) [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    copyperm: Option<String>,

    /// Say who may do everything (stored and shown, not enforced yet) [default: u:<you>]
    #[arg(long, value_name = "ACE", allow_hyphen_values = true)]
    adminperm: Option<String>,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let stream = self.name.stream("streamctl stream create")?;
        let attributes = self.attributes(session)?;
        session.home()?.create_stream(&stream, &attributes)?;
        session.done()
    }

    fn attributes(&self, session: &Session) -> Result<StreamAttributes, Failure> {
        let mut attributes = StreamAttributes::created_by(&session.environment.user());
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
            if codec == StreamCodec::Lzf {
                session.terminal.note("streamctl: compression lzf is stored as lz4");
            }
            attributes.compression = Compression::from(codec);
        }
        if let Some(word) = self.defaulttimestamptype {
            attributes.timestamp_type = TimestampType::from(word);
        }
        for (given, permission) in [
            (&self.produceperm, &mut attributes.produce_perm),
            (&self.consumeperm, &mut attributes.consume_perm),
            (&self.topicperm, &mut attributes.topic_perm),
            (&self.copyperm, &mut attributes.copy_perm),
            (&self.adminperm, &mut attributes.admin_perm),
        ] {
            if let Some(expression) = given {
                check_expression(expression)?;
                permission.clone_from(expression);
            }
        }
        Ok(attributes)
    }
}

/// Checks the one limit of an access control expression that holds before it is understood.
fn check_expression(expression: &str) -> Result<(), Failure> {
    let limit = crate::path::limits::ACE_BYTES_MAX;
    if expression.len() > limit {
        return Err(Failure::usage(format!(
            "an access control expression is {} bytes long; the limit is {limit} bytes",
            expression.len()
        )));
    }
    Ok(())
}
