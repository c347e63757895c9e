//! Where it is measured: the input file, throw-away stores, and how programs are run and timed.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A folder on the disk that Cargo builds on, with the input in it.
#[derive(Debug)]
pub(crate) struct Ground {
    folder: tempfile::TempDir,
    pub(crate) lines: u64,
    pub(crate) input_bytes: u64,
    /// When the measurements began, and what all processes and ours had used by then.
    began: (Instant, Duration, Duration),
}

/// How long a program took, by the clock on the wall and by the processor's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
}

impl Ground {
    /// Writes JSON lines of about 110 bytes and brings them into the page cache.
    pub(crate) fn new(lines: u64) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let began = (Instant::now(), cpu_of_all(), cpu_of_us());
        let mut ground = Self { folder, lines, input_bytes: 0, began };
        ground.input_bytes = write_lines(&ground.input(), lines);
        write_lines(&ground.tenth(), lines / 10);
        ground.began = (Instant::now(), cpu_of_all(), cpu_of_us());
        ground
    }

    pub(crate) fn input(&self) -> PathBuf {
        self.folder.path().join("input")
    }

    /// The same with a tenth of the lines.
    pub(crate) fn tenth(&self) -> PathBuf {
        self.folder.path().join("tenth")
    }

    pub(crate) fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn describe(&self) -> String {
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        format!(
            "{} lines, {} bytes; {} on Linux {}; {processors} processors ({})",
            self.lines,
            self.input_bytes,
            file_system(self.folder.path()),
            kernel.trim(),
            processor()
        )
    }

    /// How much of the processors others used since the measurements began. Percent.
    pub(crate) fn used_by_others(&self) -> f64 {
        let (began, all, us) = self.began;
        let others = (cpu_of_all() - all).saturating_sub(cpu_of_us() - us);
        let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        others.as_secs_f64() / began.elapsed().as_secs_f64() / processors * 100.0
    }

    /// Makes an empty store with the topic `/s:t` of 3 partitions.
    pub(crate) fn fresh_store(&self) {
        self.remove_output();
        let _ = fs::remove_dir_all(self.store());
        self.streamctl("stream create -path /s -topicperm p");
        self.streamctl("stream topic create -path /s -topic t -partitions 3");
    }

    pub(crate) fn remove_output(&self) {
        let _ = fs::remove_file(self.output());
    }

    pub(crate) fn streamctl(&self, line: &str) {
        let mut command = self.program(env!("CARGO_BIN_EXE_streamctl"), line);
        finish(command.stdout(Stdio::null()).spawn().unwrap());
    }

    pub(crate) fn producer(&self, line: &str) -> Command {
        self.program(env!("CARGO_BIN_EXE_console-producer"), line)
    }

    pub(crate) fn consumer(&self, line: &str) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_console-consumer"), line);
        command.stderr(Stdio::null());
        command
    }

    pub(crate) fn control(&self, line: &str) -> Command {
        self.program(env!("CARGO_BIN_EXE_streamctl"), line)
    }

    fn program(&self, path: &str, line: &str) -> Command {
        let mut command = Command::new(path);
        command.args(line.split_whitespace()).env("STREAMPATH_HOME", self.store());
        command
    }

    /// Copies the input with `dd` and the given operands.
    pub(crate) fn dd(&self, operands: &[&str]) -> Took {
        self.remove_output();
        let mut command = Command::new("dd");
        command
            .arg(format!("if={}", self.input().display()))
            .arg(format!("of={}", self.output().display()))
            .arg("status=none")
            .args(operands);
        let took = time(&mut command);
        self.remove_output();
        took
    }
}

/// Runs a program to its successful end.
pub(crate) fn time(command: &mut Command) -> Took {
    let cpu = cpu_of_children();
    let began = Instant::now();
    finish(command.spawn().unwrap());
    Took { wall: began.elapsed(), cpu: cpu_of_children() - cpu }
}

pub(crate) fn finish(mut child: Child) {
    let status = child.wait().unwrap();
    assert!(status.success(), "{status}");
}

/// The most memory that a program has had resident when it ends. Bytes.
pub(crate) fn peak_bytes(command: &mut Command) -> u64 {
    let [peak] = peak_of([&mut command.spawn().unwrap()]);
    peak
}

/// Waits until all of the programs have ended; returns the most memory that each has had. Bytes.
pub(crate) fn peak_of<const N: usize>(mut children: [&mut Child; N]) -> [u64; N] {
    let mut peaks = [0; N];
    loop {
        let mut ended = 0;
        for (child, peak) in children.iter_mut().zip(&mut peaks) {
            let path = format!("/proc/{}/status", child.id());
            ended += usize::from(child.try_wait().unwrap().is_some());
            let status = fs::read_to_string(&path).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
            *peak = kib.unwrap_or(0).max(*peak / 1024) * 1024;
        }
        if ended == N {
            return peaks;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What the children that have ended used, user and system.
fn cpu_of_children() -> Duration {
    hundredths("/proc/self/stat", 15, 2)
}

/// What this process and its children that have ended used.
fn cpu_of_us() -> Duration {
    hundredths("/proc/self/stat", 13, 4)
}

/// What everything on the machine used: user, nice, system, then (after idling and waiting)
/// interrupts and what the host took away.
fn cpu_of_all() -> Duration {
    hundredths("/proc/stat", 2, 3) + hundredths("/proc/stat", 7, 3)
}

/// Adds up fields of the first line of a file of the kernel's, which counts time in hundredths.
fn hundredths(path: &str, first: usize, count: usize) -> Duration {
    let text = fs::read_to_string(path).unwrap();
    let line = text.lines().next().unwrap();
    let fields = line.split(' ').skip(first).take(count);
    let sum: u64 = fields.map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(sum * 10)
}

fn write_lines(path: &Path, lines: u64) -> u64 {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    for i in 0..lines {
        writeln!(
            file,
            "{{\"id\":{i},\"truck\":{},\"driver\":\"driver-{:04}\",\"speed\":{}.{:02},\
             \"lat\":40.{:06},\"lon\":-89.{:06},\"ok\":{}}}",
            i % 97,
            i * 7 % 5000,
            i * 13 % 90,
            i % 100,
            i * 31 % 100_000,
            i * 17 % 100_000,
            !i.is_multiple_of(3),
        )
        .unwrap();
    }
    file.into_inner().unwrap().metadata().unwrap().len()
}

/// The kind of file system that a path is on.
fn file_system(path: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let path = path.canonicalize().unwrap();
    let kind = |line: &str| {
        let mut fields = line.split(' ').skip(1);
        let (at, kind) = (fields.next()?, fields.next()?);
        path.starts_with(at).then(|| (at.len(), kind.to_owned()))
    };
    mounts.lines().filter_map(kind).max().map_or_else(|| "unknown".to_owned(), |(_, kind)| kind)
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name"));
    name.map_or("unknown", |name| name.trim_start_matches([' ', '\t', ':'])).to_owned()
}
