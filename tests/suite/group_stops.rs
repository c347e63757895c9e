//! Where a group's cursors stand when a member stops early: behind what was printed, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use serde_json::Value;

use crate::world::{World, eventually};

/// A record: its partition and its offset there.
type Place = (u64, i64);

/// A topic whose records say where they are; each tenth ends with a zero.
fn world(partitions: u64, each: i64) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    let count = partitions.to_string();
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", &count], "").ok());
    for partition in 0..partitions {
        let input: String = (0..each).map(|offset| format!("{partition} {offset}\n")).collect();
        let partition = partition.to_string();
        drop(
            world
                .run("console-producer", ["--topic", "/s:t", "--partition", &partition], input)
                .ok(),
        );
    }
    world
}

fn line(options: &str) -> String {
    let start = "--command-property auto.offset.reset=earliest";
    format!("--topic /s:t --group g {start} {options}")
}

fn places(printed: &str) -> Vec<Place> {
    // Of the last line perhaps only a part was written.
    let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
    let place = |line: &str| {
        let (partition, offset) = line.split_once(' ').unwrap();
        (partition.parse().unwrap(), offset.parse().unwrap())
    };
    whole.lines().map(place).collect()
}

/// Where the group goes on, by partition.
fn cursors(world: &World) -> BTreeMap<u64, i64> {
    let words = "stream cursor list -path /s -format jsonl";
    let text = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| (row["partitionid"].as_u64().unwrap(), row["committedoffset"].as_i64().unwrap()))
        .collect()
}

/// Checks that everything that `is_wanted` before the cursors was printed.
#[track_caller]
fn nothing_is_lost(printed: &[Place], cursors: &BTreeMap<u64, i64>, is_wanted: fn(i64) -> bool) {
    let printed: BTreeSet<Place> = printed.iter().copied().collect();
    for (partition, cursor) in cursors {
        let wanted = (0..*cursor).filter(|offset| is_wanted(*offset));
        let lost: Vec<i64> = wanted.filter(|at| !printed.contains(&(*partition, *at))).collect();
        assert!(lost.is_empty(), "of partition {partition}, before {cursor}: {lost:?}");
    }
}

/// Options, and which offsets they let through.
type Way = (&'static str, fn(i64) -> bool);

const WAYS: [Way; 4] = [
    ("", |_| true),
    ("--commit-each", |_| true),
    ("--grep 0$", |offset| offset % 10 == 0),
    ("--grep 0$ --commit-each", |offset| offset % 10 == 0),
];

#[test]
fn after_so_many_messages_the_cursor_stands_exactly_behind_the_last() {
    for (options, is_wanted) in WAYS {
        for partitions in [1, 3] {
            let world = world(partitions, 200);
            let run = |more: &str| {
                let line = line(&format!("{options} {more}"));
                world.run("console-consumer", line.split_whitespace(), "").ends(0).stdout()
            };
            let mut all = Vec::new();
            for _ in 0..3 {
                let printed = places(&run("--max-messages 5"));
                assert_eq!(printed.len(), 5);
                all.extend(printed);
                let cursors = cursors(&world);
                nothing_is_lost(&all, &cursors, is_wanted);
                assert!(all.iter().all(|(partition, offset)| *offset < cursors[partition]));
                let (partition, last) = all[all.len() - 1];
                assert_eq!(cursors[&partition], last + 1, "{options}, {partitions} partitions");
            }
            all.extend(places(&run("--until end")));
            let wanted = (0..partitions)
                .flat_map(|at| (0..200).filter(|it| is_wanted(*it)).map(move |it| (at, it)));
            all.sort_unstable();
            assert_eq!(all, wanted.collect::<Vec<Place>>(), "each once: {options}");
        }
    }
}

#[test]
fn of_what_a_closed_pipe_did_not_take_nothing_is_committed() {
    for (options, is_wanted) in WAYS {
        for partitions in [1, 3] {
            // More than a pipe and all buffers hold.
            let world = world(partitions, 300_000 / i64::try_from(partitions).unwrap());
            let (reader, writer) = UnixStream::pair().unwrap();
            let line = line(&format!("{options} --command-property auto.commit.interval.ms=5"));
            let mut command = world.command("console-consumer", line.split_whitespace());
            command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(OwnedFd::from(writer));
            let mut child = command.spawn().unwrap();
            // It holds the other end.
            drop(command);
            let mut reader = BufReader::new(reader);
            let mut written = String::new();
            for _ in 0..500 {
                reader.read_line(&mut written).unwrap();
            }
            // From now on nothing can be written; what was, can still be read.
            reader.get_ref().shutdown(Shutdown::Read).unwrap();
            eventually("it ends", || child.try_wait().unwrap().is_some());
            reader.read_to_string(&mut written).unwrap();

            let printed = places(&written);
            let cursors = cursors(&world);
            nothing_is_lost(&printed, &cursors, is_wanted);
            assert!(printed.len() < 300_000 && printed.len() >= 500);
            if options.contains("--commit-each") {
                // The last one may have been on its way.
                let (last, before) = printed.split_last().unwrap();
                let is_committed = |(partition, at): &Place| cursors.get(partition) > Some(at);
                assert!(before.iter().all(is_committed), "{options}: {last:?}, {cursors:?}");
            }
        }
    }
}
