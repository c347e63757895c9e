//! What committing costs: each record by itself, by one member and by eight at a time; and what a
//! group of one costs beside no group.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Extent;
use crate::ground::{Ground, finish, time};
use crate::members::lines_in;
use crate::spread::Spread;
use crate::table::Figure;

const PATIENCE: Duration = Duration::from_secs(60);
const LOOKS_APART: Duration = Duration::from_millis(1);
const LINE: &str = "0123456\n";
/// What one member reads by itself.
const LINES: u64 = 50_000;
/// What each of several members could read.
const LINES_EACH: u64 = 200_000;
const MEMBERS: usize = 8;

pub(crate) fn measure(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    // 10,000 a second, and 2,000 a second from each.
    let alone = Spread::of((0..extent.rounds).map(|_| alone_us(ground)));
    tell(Figure::new("`--commit-each`: time a commit", alone, 100.0, " µs"));
    let (slowest, apart): (Vec<f64>, Vec<f64>) =
        (0..extent.rounds).map(|_| together(ground, extent)).unzip();
    let title = format!("`--commit-each`, {MEMBERS} at a time: time a commit, the slowest of them");
    tell(Figure::new(title, Spread::of(slowest), 500.0, " µs"));
    let title = format!("`--commit-each`, {MEMBERS} at a time: commits of the fastest / slowest");
    tell(Figure::new(title, Spread::of(apart), 2.0, " ×"));
    group_of_one(ground, extent, tell);
}

/// A consumer that commits each record, and the file that it prints to.
struct Committing {
    child: Child,
    output: PathBuf,
}

impl Committing {
    fn start(ground: &Ground, number: usize) -> Self {
        let output = ground.output().with_file_name(format!("output-{number}"));
        let line = "--topic /s:each --group g --commit-each --command-property \
                    auto.offset.reset=earliest";
        let mut command = ground.consumer(line);
        let child = command.stdout(File::create(&output).unwrap()).spawn().unwrap();
        Self { child, output }
    }

    fn printed(&self) -> u64 {
        lines_in(&self.output, LINE.len() as u64)
    }
}

impl Drop for Committing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.output);
    }
}

fn fill(ground: &Ground, partitions: usize, lines: u64) {
    for partition in 0..partitions {
        let mut command = ground.producer(&format!("--topic /s:each --partition {partition}"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let lines = LINE.repeat(usize::try_from(lines).unwrap());
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        finish(child);
    }
}

fn fresh_topic(ground: &Ground, partitions: usize) {
    ground.fresh_store();
    ground.streamctl(&format!("stream topic create -path /s -topic each -partitions {partitions}"));
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(LOOKS_APART);
    }
}

/// Microseconds a commit.
fn alone_us(ground: &Ground) -> f64 {
    fresh_topic(ground, 1);
    fill(ground, 1, LINES);
    let member = Committing::start(ground, 0);
    wait_until("the first record", || member.printed() > 0);
    let (began, before) = (Instant::now(), member.printed());
    wait_until("the last record", || member.printed() == LINES);
    let took = began.elapsed();
    wait_until("the last commit", || rows(ground, "cursor list", "committedoffset") == [LINES]);
    took.as_secs_f64() * 1e6 / (LINES - before) as f64
}

/// Microseconds a commit of the slowest member, and how many times more the fastest has made.
fn together(ground: &Ground, extent: Extent) -> (f64, f64) {
    fresh_topic(ground, MEMBERS);
    let members: Vec<Committing> =
        (0..MEMBERS).map(|number| Committing::start(ground, number)).collect();
    wait_until("each has a partition", || {
        let pids = rows(ground, "assign list -consumergroup g -detail", "pid");
        pids.len() == MEMBERS && pids.into_iter().collect::<BTreeSet<_>>().len() == MEMBERS
    });
    fill(ground, MEMBERS, LINES_EACH);
    let printed = || members.iter().map(Committing::printed).collect::<Vec<u64>>();
    wait_until("each has begun", || printed().iter().all(|lines| *lines > 0));
    let (began, before) = (Instant::now(), printed());
    std::thread::sleep(Duration::from_millis(500 * extent.rounds as u64));
    let (after, took) = (printed(), began.elapsed());
    assert!(after.iter().all(|lines| *lines < LINES_EACH), "one has run out of work: {after:?}");
    let counts =
        Spread::of(after.iter().zip(before).map(|(after, before)| (after - before) as f64));
    (took.as_secs_f64() * 1e6 / counts.least(), counts.at(1.0) / counts.least())
}

/// One field of each row of a listing.
fn rows(ground: &Ground, verb: &str, field: &str) -> Vec<u64> {
    let line = format!("stream {verb} -path /s -format jsonl");
    let listed = ground.control(&line).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.filter_map(|row| row[field].as_u64()).collect()
}

fn group_of_one(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    ground.fresh_store();
    let mut produce = ground.producer("--topic /s:t --request-required-acks 1");
    time(produce.stdin(File::open(ground.input()).unwrap()));
    let read = |group: &str| {
        ground.remove_output();
        let mut command = ground.consumer(&format!("--topic /s:t --until end {group}"));
        let took = time(command.stdout(File::create(ground.output()).unwrap()));
        let bytes = std::fs::metadata(ground.output()).unwrap().len();
        assert_eq!(bytes, ground.input_bytes, "every line came back");
        took.wall.as_secs_f64()
    };
    let without = || read("--from beginning");
    let grouped = |round: usize| {
        let property = "--command-property auto.offset.reset=earliest";
        read(&format!("--group g{round} {property}"))
    };
    // In turn first and second, for the first finds what the disk still has to write.
    let ratios = Spread::of((0..extent.rounds * 2).map(|round| {
        if round % 2 == 0 {
            let without = without();
            grouped(round) / without
        } else {
            grouped(round) / without()
        }
    }));
    ground.remove_output();
    tell(Figure::new("consume in a group of one: time / without a group", ratios, 1.1, " ×"));
}
