//! The members of a group as processes, and what can be done to them.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use streampath::fs::{Disk as _, RealDisk, flock_holder, since_boot_ms};

use crate::world::{PATIENCE, World, eventually};

use super::history::{End, Life, Ms, Stop, now};
use super::pump::Pump;

/// How a member commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commits {
    /// Each record by itself.
    Each,
    /// At an interval, in milliseconds.
    Every(u32),
}

/// A member's settings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) session_ms: u32,
    pub(super) heartbeat_ms: u32,
    pub(super) commits: Commits,
    /// In the words of `partition.assignment.strategy`.
    pub(super) assignors: &'static str,
}

/// Where a group reads: topic `t` of a stream. What its members print goes into one file, so that
/// there is an order of all that they print.
#[derive(Debug)]
pub(super) struct Stage<'w> {
    pub(super) world: &'w World,
    /// With the slash before it.
    pub(super) stream: &'static str,
}

impl Stage<'_> {
    pub(super) fn dir(&self) -> PathBuf {
        self.world.store().join(&self.stream[1..])
    }

    /// Where the `cursors` log is.
    pub(super) fn cursors(&self) -> PathBuf {
        self.dir().join("cursors/0")
    }

    /// The file with everything that the members print.
    pub(super) fn output(&self) -> PathBuf {
        self.world.dir().join(format!("printed-{}", &self.stream[1..]))
    }

    fn output_bytes(&self) -> u64 {
        fs::metadata(self.output()).unwrap().len()
    }

    fn messages(&self, number: u32) -> PathBuf {
        self.world.dir().join(format!("told-{}-{number}", &self.stream[1..]))
    }

    /// Who holds the lock under which commits are appended.
    fn lock_holder(&self) -> Option<u32> {
        let dir = RealDisk.open_root(&self.cursors()).unwrap();
        flock_holder(dir.stat_entry("append.lock".as_ref()).unwrap().id)
    }

    /// The deadline in the file of a member; `None` if it has not joined.
    fn deadline_of(&self, number: u32) -> Option<Ms> {
        let name = format!("m{number}");
        for entry in fs::read_dir(self.dir().join("members")).unwrap() {
            // It may go while it is looked at.
            let Ok(text) = fs::read_to_string(entry.unwrap().path()) else { continue };
            let Ok(file) = serde_json::from_str::<Value>(&text) else { continue };
            if file["client"] == name.as_str() {
                let lease = file["lease"].as_str()?.split(' ').next()?;
                let ms: Ms = lease.parse().unwrap();
                return Some(now() + ms - since_boot_ms());
            }
        }
        None
    }
}

/// A member that was started.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) number: u32,
    settings: Settings,
    child: Child,
    killed: Option<Ms>,
    stops: Vec<Stop>,
    /// Since when it is stopped, and its deadline.
    stopped: Option<(Ms, Option<Ms>)>,
}

impl Member {
    /// Starts member `number`.
    #[track_caller]
    pub(super) fn start(stage: &Stage<'_>, number: u32, settings: Settings) -> Member {
        let output = OpenOptions::new().create(true).append(true).open(stage.output()).unwrap();
        Member::printing_to(output.into(), stage, number, settings)
    }

    /// Starts member `number` with a pipe for its output.
    #[track_caller]
    pub(super) fn piped(stage: &Stage<'_>, number: u32, settings: Settings) -> (Member, Pump) {
        let mut member = Member::printing_to(Stdio::piped(), stage, number, settings);
        let pump = Pump::new(member.child.stdout.take().unwrap(), stage);
        (member, pump)
    }

    #[track_caller]
    fn printing_to(output: Stdio, stage: &Stage<'_>, number: u32, settings: Settings) -> Member {
        let Settings { session_ms, heartbeat_ms, assignors, .. } = settings;
        let mut line = format!(
            "--topic {}:t --group g --from-beginning --verbose --command-property \
             client.id=m{number} --command-property session.timeout.ms={session_ms} \
             --command-property heartbeat.interval.ms={heartbeat_ms} --command-property \
             partition.assignment.strategy={assignors}",
            stage.stream
        );
        match settings.commits {
            Commits::Each => line.push_str(" --commit-each"),
            Commits::Every(ms) => {
                line.push_str(&format!(" --command-property auto.commit.interval.ms={ms}"));
            }
        }
        let format = format!(">{number} %p %o %s\\n");
        let words = line.split(' ').filter(|word| !word.is_empty());
        let mut command =
            stage.world.command("console-consumer", words.chain(["--format", &format]));
        let messages = File::create(stage.messages(number)).unwrap();
        command.stdin(Stdio::null()).stdout(output).stderr(messages);
        let child = command.spawn().unwrap();
        Member { number, settings, child, killed: None, stops: Vec::new(), stopped: None }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to leave.
    pub(super) fn ask(&self, signal: Signal) {
        self.signal(signal);
    }

    /// Kills it where it stands, which may be where it was stopped.
    pub(super) fn kill(&mut self, stage: &Stage<'_>) {
        let killed = *self.killed.get_or_insert_with(now);
        if let Some((at, deadline)) = self.stopped.take() {
            let output_bytes = stage.output_bytes();
            self.stops.push(Stop { at, deadline, ended: killed, output_bytes });
        }
        self.signal(Signal::KILL);
    }

    /// Stops it, and returns its deadline if it has joined and is not gone. Whoever is stopped in
    /// an append keeps all others from appending, which is not what is tested here: then it goes
    /// on a little. Returns how often that was so, too.
    #[track_caller]
    pub(super) fn stop(&mut self, stage: &Stage<'_>) -> (Option<Ms>, u32) {
        let mut in_append = 0;
        loop {
            let at = now();
            self.signal(Signal::STOP);
            eventually("it is stopped", || self.stands_still());
            if stage.lock_holder() != Some(self.pid()) {
                let deadline = stage.deadline_of(self.number);
                self.stopped = Some((at, deadline));
                return (deadline, in_append);
            }
            in_append += 1;
            self.signal(Signal::CONT);
            thread::sleep(Duration::from_micros(500));
        }
    }

    /// Whether every thread is stopped, or the process has ended.
    fn stands_still(&self) -> bool {
        let Ok(tasks) = fs::read_dir(format!("/proc/{}/task", self.pid())) else { return true };
        tasks.flatten().all(|task| {
            let Ok(stat) = fs::read_to_string(task.path().join("stat")) else { return true };
            let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
            matches!(state, Some('T' | 't' | 'Z' | 'X'))
        })
    }

    /// Lets it go on.
    pub(super) fn go_on(&mut self, stage: &Stage<'_>) {
        let Some((at, deadline)) = self.stopped.take() else { return };
        let output_bytes = stage.output_bytes();
        self.stops.push(Stop { at, deadline, ended: now(), output_bytes });
        self.signal(Signal::CONT);
    }

    /// Whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for its end, which it was made to come to, and reads what it told.
    #[track_caller]
    pub(super) fn end(mut self, stage: &Stage<'_>) -> Life {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > deadline {
                let told = fs::read_to_string(stage.messages(self.number)).unwrap();
                panic!("member {} does not end:\n{told}", self.number);
            }
            thread::sleep(Duration::from_millis(2));
        };
        let path = stage.messages(self.number);
        let messages = fs::read_to_string(&path).unwrap();
        let end = self.end_of(status, &messages);
        fs::remove_file(path).unwrap();
        Life {
            commits_each: self.settings.commits == Commits::Each,
            killed: self.killed,
            stops: std::mem::take(&mut self.stops),
            end,
            told: told_commits(&messages),
        }
    }

    #[track_caller]
    fn end_of(&self, status: ExitStatus, messages: &str) -> End {
        let number = self.number;
        match (status.code(), status.signal()) {
            (Some(130 | 143), _) => End::Left,
            (Some(9), _) => {
                let says_why = messages.contains("this member was removed from group `g`");
                assert!(says_why, "member {number} does not say why it ends:\n{messages}");
                End::Fenced
            }
            (_, Some(9)) if self.killed.is_some() => End::Killed,
            // Before it could catch that.
            (_, Some(2 | 15)) if messages.is_empty() => End::Killed,
            _ => panic!("member {number} ends with {status}:\n{messages}"),
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The commits that a member tells of on the side. A killed one's last line may not be whole.
fn told_commits(messages: &str) -> Vec<(u32, i64)> {
    let mut told = Vec::new();
    let events = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    for event in events.filter(|event| event["name"] == "offsets_committed") {
        let each: &Vec<Value> = event["offsets"].as_array().unwrap();
        told.extend(each.iter().map(|at| {
            let partition = at["partition"].as_u64().and_then(|number| number.try_into().ok());
            (partition.unwrap(), at["offset"].as_i64().unwrap())
        }));
    }
    told
}

/// The members that are there, by number.
pub(super) type Cast = BTreeMap<u32, Member>;
