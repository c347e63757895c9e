//! Locks whose holder was stopped: by Control-Z, by a `kill -STOP`, for as long as nobody lets it go on.
//!
//! The kernel gives a lock up with its process, but a process that is stopped keeps it, and all who
//! wait for it stand still. Breaking such a lock is not safe: whoever goes on writes as if it had it.
//! So the holder is let go on for a moment, until it has given the lock up, and is stopped again. It
//! is stopped again before the lock it gave up is free for it, and holds nothing then.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::disk::FileId;
use super::holder::{flock_holder, has_open};

/// How long a lock is waited for before somebody looks whether its holder is stopped, and how long
/// such a holder is let go on at most before it is looked at anew.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A process that was stopped, and is again when this is dropped.
#[derive(Debug)]
struct Awake {
    process: OwnedFd,
    pid: u32,
}

impl Awake {
    /// Lets the holder of a file's exclusive flock go on, if it is seen to be stopped and may be
    /// signalled. What a debugger holds is left alone.
    fn holder_of(id: FileId) -> Option<Self> {
        let pid = flock_holder(id)?;
        let process = Pid::from_raw(i32::try_from(pid).ok()?)?;
        let process = pidfd_open(process, PidfdFlags::empty()).ok()?;
        // From here on nobody else can have its number.
        if !is_stopped(pid) || !has_open(pid, id) || flock_holder(id) != Some(pid) {
            return None;
        }
        pidfd_send_signal(&process, Signal::CONT).ok()?;
        Some(Self { process, pid })
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        // It may have ended, or have been stopped by somebody else.
        if !is_stopped(self.pid) {
            let _ = pidfd_send_signal(&self.process, Signal::STOP);
        }
    }
}

/// Receives what another thread sends once it has the lock of a file, for at most `wait`. Who gets it
/// has the lock while a holder that was let go on is stopped again.
pub(crate) fn receive_locked<T>(receiver: &Receiver<T>, id: FileId, wait: Duration) -> Option<T> {
    let begun = Instant::now();
    loop {
        let left = wait.saturating_sub(begun.elapsed());
        let awake = if begun.elapsed() < LOOK_EVERY { None } else { Awake::holder_of(id) };
        match receiver.recv_timeout(left.min(LOOK_EVERY)) {
            Ok(received) => {
                drop(awake);
                return Some(received);
            }
            Err(RecvTimeoutError::Timeout) if left > LOOK_EVERY => {}
            Err(_) => return None,
        }
    }
}

/// Whether a process is stopped by a signal, as `/proc` tells it.
fn is_stopped(pid: u32) -> bool {
    let Ok(text) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    // The name in parentheses may hold anything.
    let state = text.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    state == Some('T')
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc::sync_channel;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, kill_process};

    use super::{is_stopped, receive_locked};
    use crate::fs::{Disk, File, RealDisk};

    /// A shell that has the lock of a file, as handle 3.
    fn holder(file: &File, script: &str) -> Child {
        let mut command = Command::new("flock");
        command.arg("--no-fork").arg(file.path()).args(["sh", "-c", script]);
        command.stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "locked\n");
        child
    }

    fn stop(child: &Child) {
        kill_process(Pid::from_child(child), Signal::STOP).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while !is_stopped(child.id()) {
            assert!(Instant::now() < deadline);
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn wait_for_lock(file: &File, wait: Duration) -> Option<()> {
        let (sender, receiver) = sync_channel(1);
        let id = file.stat().unwrap().id;
        let waiting = file.clone();
        thread::spawn(move || {
            waiting.lock().unwrap();
            let _ = sender.send(());
        });
        receive_locked(&receiver, id, wait)
    }

    #[test]
    fn a_holder_that_is_stopped_gives_the_lock_up_and_is_stopped_again() {
        let place = tempfile::tempdir().unwrap();
        let dir = RealDisk.open_root(place.path()).unwrap();
        let file = dir.create(OsStr::new("lock"), 0o600).unwrap();
        // It has something to do before it gives the lock up, and after that.
        let script = "echo locked; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done
            exec 3>&-; while :; do i=$((i+1)); done";
        let mut child = holder(&file, script);
        stop(&child);
        let got = wait_for_lock(&file, Duration::from_secs(60));
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut stopped = is_stopped(child.id());
        while !stopped && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
            stopped = is_stopped(child.id());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((got, stopped), (Some(()), true));
    }

    #[test]
    fn a_holder_that_runs_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let dir = RealDisk.open_root(place.path()).unwrap();
        let file = dir.create(OsStr::new("lock"), 0o600).unwrap();
        let mut child = holder(&file, "echo locked; exec sleep 600");
        assert_eq!(wait_for_lock(&file, Duration::from_millis(350)), None);
        assert!(!is_stopped(child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
