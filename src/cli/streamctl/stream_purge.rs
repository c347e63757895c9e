//! `streamctl stream purge`.

use clap::Args;

use crate::store::Purge;

use crate::cli::failure::Failure;
use crate::cli::refusal::absent;
use crate::cli::session::Session;

use super::names::StreamName;
use super::plan::{PlanOptions, change, plan_of};

/// Remove expired messages from the disk
///
/// Expired messages are invisible at once; their files go with this command. A file is removed when
/// every message in it is older than the stream's -ttl and a newer file follows it: the newest file
/// of each partition always stays. A file ends at 1 GiB, or, from 1 MiB on, when it spans a quarter
/// of the -ttl.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    name: StreamName,

    #[command(flatten)]
    plan: PlanOptions,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let path = self.name.stream("streamctl stream purge")?;
        let stream = session.home()?.stream(&path).map_err(absent)?;
        if !self.plan.dry_run {
            stream.purge(Purge::Remove, &mut |_| ())?;
            return session.done();
        }
        let mut rows = Vec::new();
        stream.purge(Purge::Plan, &mut |segment| {
            let object = format!("{path}:{}", segment.topic);
            let file = format!("{}/{:020}.log", segment.partition, segment.base_offset);
            let bytes = segment.size_bytes.to_string();
            rows.extend(change("remove segment", &object, &file, &bytes, ""));
        })?;
        session.print(&plan_of("purge stream", path.as_str(), rows))
    }
}
