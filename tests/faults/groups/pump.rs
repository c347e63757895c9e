//! A pipe that is read as slowly as a test wants: who writes into it is in the midst of a write.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::process::ChildStdout;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::{ioctl_fionbio, ioctl_fionread};

use super::cast::Stage;

/// A pipe from which nothing comes for so long is one that nobody writes to just now.
const QUIET: Duration = Duration::from_millis(30);

/// Hands whole lines on, from a member's pipe into the file of all.
#[derive(Debug)]
pub(super) struct Pump {
    pipe: ChildStdout,
    output: File,
    /// The beginning of a line.
    rest: Vec<u8>,
}

impl Pump {
    pub(super) fn new(pipe: ChildStdout, stage: &Stage<'_>) -> Pump {
        ioctl_fionbio(&pipe, true).unwrap();
        let output = OpenOptions::new().append(true).create(true).open(stage.output()).unwrap();
        Pump { pipe, output, rest: Vec::new() }
    }

    /// Hands on what is in the pipe, at most `bytes` or a little more. Returns how much that was,
    /// and whether the writer has closed it.
    fn read(&mut self, bytes: u64) -> (u64, bool) {
        let mut buffer = [0; 1 << 14];
        let mut all = 0;
        while all < bytes {
            match self.pipe.read(&mut buffer) {
                Ok(0) => return (all, true),
                Ok(count) => {
                    all += count as u64;
                    self.rest.extend_from_slice(&buffer[..count]);
                    let whole = memchr::memrchr(b'\n', &self.rest).map_or(0, |end| end + 1);
                    self.output.write_all(&self.rest[..whole]).unwrap();
                    self.rest.drain(..whole);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return (all, false),
                Err(error) => panic!("a member's pipe: {error}"),
            }
        }
        (all, false)
    }

    /// Hands on `bytes`, or fewer if no more come, and waits until the pipe does not get fuller.
    pub(super) fn read_and_wait(&mut self, bytes: u64) {
        let (mut all, mut before) = (0, 0);
        let mut since = Instant::now();
        while since.elapsed() < QUIET {
            let read = self.read(bytes.saturating_sub(all)).0;
            all += read;
            let waiting = ioctl_fionread(&self.pipe).unwrap();
            if read > 0 || waiting != before {
                (since, before) = (Instant::now(), waiting);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Hands on all that a stopped writer has got into the pipe.
    pub(super) fn empty(&mut self) {
        while self.read(u64::MAX).0 > 0 {}
    }

    /// Hands everything on, to the end. A line without its end is handed on as it is.
    pub(super) fn finish(mut self) {
        while !self.read(u64::MAX).1 {
            thread::sleep(Duration::from_millis(1));
        }
        self.output.write_all(&self.rest).unwrap();
    }
}
