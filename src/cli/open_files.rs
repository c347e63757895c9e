//! Room for many open files: a topic has up to 4096 partitions, each with a few of them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the number of files that this process may have open to what the system allows at most.
/// Shells start programs with 1,024, which does for some 300 partitions. Where it is refused, the
/// program goes on with what it has.
pub(super) fn allow_many() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    }
}
