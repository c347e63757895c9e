//! Members of a group as processes, and what they say of their shares.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use streampath::time::{Clock, SystemClock};

use crate::ground::Ground;

const PATIENCE: Duration = Duration::from_secs(60);
const LOOKS_APART: Duration = Duration::from_millis(10);

/// Consumers of one group, each of which tells what it was given and what it gave up.
#[derive(Debug)]
pub(crate) struct Members<'g> {
    ground: &'g Ground,
    line: String,
    folder: tempfile::TempDir,
    running: Vec<Member>,
    /// The newest time that a share changed. Milliseconds since 1970.
    pub(crate) changed_ms: f64,
    /// How many partitions were given up by members that stay.
    pub(crate) revoked: usize,
    started: u32,
}

#[derive(Debug)]
struct Member {
    child: Child,
    told: File,
    read: u64,
    owned: BTreeSet<u64>,
}

impl<'g> Members<'g> {
    /// None yet; all of them will be consumers with this command line.
    pub(crate) fn new(ground: &'g Ground, line: &str) -> Self {
        Self {
            ground,
            line: format!("{line} --verbose"),
            folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap(),
            running: Vec::new(),
            changed_ms: 0.0,
            revoked: 0,
            started: 0,
        }
    }

    /// Starts one more. Returns when that was, in milliseconds since 1970.
    pub(crate) fn start(&mut self) -> f64 {
        let path = self.folder.path().join(self.started.to_string());
        self.started += 1;
        let mut command = self.ground.consumer(&self.line);
        command.stdout(Stdio::null()).stderr(File::create(&path).unwrap());
        let now = SystemClock.now().0;
        let child = command.spawn().unwrap();
        let told = File::open(&path).unwrap();
        self.running.push(Member { child, told, read: 0, owned: BTreeSet::new() });
        now as f64
    }

    /// Has the first of them leave, and returns how much it read.
    pub(crate) fn first_leaves(&mut self) -> usize {
        let mut first = self.running.remove(0);
        let pid = Pid::from_raw(first.child.id().cast_signed()).unwrap();
        kill_process(pid, Signal::INT).unwrap();
        first.child.wait().unwrap();
        first.owned.len()
    }

    /// Waits until each of so many partitions is read by one, and all read as much, or one more.
    pub(crate) fn wait_until_shared(&mut self, partitions: usize) {
        let began = Instant::now();
        while !self.is_shared(partitions) {
            let shares: Vec<usize> = self.running.iter().map(|member| member.owned.len()).collect();
            assert!(began.elapsed() < PATIENCE, "the group does not come to rest: {shares:?}");
            std::thread::sleep(LOOKS_APART);
        }
    }

    fn is_shared(&mut self, partitions: usize) -> bool {
        for member in &mut self.running {
            for event in member.new_events() {
                let Some(list) = event["partitions"].as_array() else { continue };
                let list = list.iter().map(|at| at["partition"].as_u64().unwrap());
                if event["name"] == "partitions_assigned" {
                    member.owned.extend(list);
                } else {
                    let lost: BTreeSet<u64> = list.collect();
                    self.revoked += lost.len();
                    member.owned.retain(|partition| !lost.contains(partition));
                }
                self.changed_ms = self.changed_ms.max(event["timestamp"].as_f64().unwrap());
            }
        }
        let shares = || self.running.iter().map(|member| member.owned.len());
        let all: BTreeSet<u64> =
            self.running.iter().flat_map(|member| member.owned.iter().copied()).collect();
        let is_even = shares().max() <= shares().min().map(|least| least + 1);
        all.len() == partitions && shares().sum::<usize>() == partitions && is_even
    }

    /// What all of them have used of the processors.
    pub(crate) fn cpu_ms(&self) -> f64 {
        let used = self.running.iter().map(|member| cpu_ns(member.child.id()));
        used.sum::<u64>() as f64 / 1e6
    }
}

impl Member {
    fn new_events(&mut self) -> Vec<Value> {
        self.told.seek(SeekFrom::Start(self.read)).unwrap();
        let mut text = String::new();
        self.told.read_to_string(&mut text).unwrap();
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        self.read += whole as u64;
        text[..whole].lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

impl Drop for Members<'_> {
    fn drop(&mut self) {
        for member in &mut self.running {
            let _ = member.child.kill();
        }
        for member in &mut self.running {
            let _ = member.child.wait();
        }
    }
}

/// What all threads of a process have used.
pub(crate) fn cpu_ns(process: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let of_task = |path: PathBuf| {
        // A thread may have ended just now.
        let text = fs::read_to_string(path.join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|used| used.parse::<u64>().ok()).unwrap_or(0)
    };
    tasks.flatten().map(|task| of_task(task.path())).sum()
}

/// How many lines of `line_bytes` are in a file.
pub(crate) fn lines_in(path: &Path, line_bytes: u64) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len() / line_bytes)
}
