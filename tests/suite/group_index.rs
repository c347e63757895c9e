//! A group whose stream loses its index meanwhile: nothing of a group lives in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::Value;

use crate::world::{Running, World, eventually};

const MEMBERS: usize = 4;
const PARTITIONS: u64 = 8;

fn rows(world: &World, line: &str) -> Vec<Value> {
    let line = format!("stream {line} -path /s -format jsonl");
    let text = world.run("streamctl", line.split_whitespace(), "").ok().stdout();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Which partitions each process reads.
fn shares(world: &World) -> BTreeMap<u64, BTreeSet<u64>> {
    let mut shares: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for row in rows(world, "assign list -consumergroup g -detail") {
        let number = |name: &str| row[name].as_u64().unwrap();
        shares.entry(number("pid")).or_default().insert(number("partitionid"));
    }
    shares
}

fn index_files(world: &World) -> Vec<PathBuf> {
    let entries = fs::read_dir(world.store().join("s")).unwrap().map(|entry| entry.unwrap().path());
    let is_index =
        |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("index.");
    entries.filter(is_index).collect()
}

fn numbers(member: &Running) -> Vec<u32> {
    let printed = member.stdout_so_far();
    let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
    whole.lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn a_group_is_not_disturbed_when_the_index_goes_or_is_garbage() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    let partitions = PARTITIONS.to_string();
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", &partitions], "").ok());
    let line = "--topic /s:t --group g --from-beginning --verbose --command-property \
                auto.commit.interval.ms=10";
    let members: Vec<Running> =
        (0..MEMBERS).map(|_| world.start("console-consumer", line.split_whitespace())).collect();
    let is_even = |shares: &BTreeMap<u64, BTreeSet<u64>>| {
        shares.len() == MEMBERS && shares.values().all(|share| share.len() == 2)
    };
    eventually("all have their share", || is_even(&shares(&world)));
    let before = shares(&world);
    let told: Vec<usize> =
        members.iter().map(|member| events(member, "partitions_").len()).collect();

    let mut producer = world.start(
        "console-producer",
        ["--topic", "/s:t", "--property", "parse.key=true", "--request-required-acks", "1"],
    );
    let mut feed = |range: std::ops::Range<u32>| {
        for number in range.clone() {
            producer.feed(format!("key {number}\t{number}\n"));
        }
        eventually("all is printed", || {
            members.iter().map(|member| numbers(member).len()).sum::<usize>() >= range.end as usize
        });
    };
    feed(0..1000);
    let files = index_files(&world);
    assert!(!files.is_empty());
    files.iter().for_each(|path| fs::remove_file(path).unwrap());
    feed(1000..2000);
    assert_eq!(shares(&world), before);
    // Replaced, and then overwritten where it is.
    for path in &files {
        let other = world.dir().join("garbage");
        fs::write(&other, [0xa5; 8192]).unwrap();
        fs::rename(&other, path).unwrap();
    }
    feed(2000..3000);
    assert_eq!(shares(&world), before);
    for path in index_files(&world) {
        fs::write(path, "no index at all").unwrap();
    }
    feed(3000..4000);
    assert_eq!(shares(&world), before);
    producer.close_stdin();
    drop(producer.wait().ends(0));

    let now: Vec<usize> =
        members.iter().map(|member| events(member, "partitions_").len()).collect();
    assert_eq!(now, told, "nothing was given or taken meanwhile");
    let mut all = Vec::new();
    for member in members {
        member.signal(Signal::INT);
        let ended = member.wait().ends(130);
        all.extend(ended.stdout().lines().map(|line| line.parse::<u32>().unwrap()));
    }
    all.sort_unstable();
    assert_eq!(all, (0..4000).collect::<Vec<u32>>(), "each record once");
    let rows = rows(&world, "cursor list");
    assert_eq!(rows.len() as u64, PARTITIONS);
    let committed = rows.iter().map(|row| row["committedoffset"].as_u64().unwrap());
    assert_eq!(committed.sum::<u64>(), 4000);
    assert_eq!(world.run("streamctl", ["store", "check"], "").code(), Some(0));
}

/// What a member has told whose name begins so.
fn events(member: &Running, name: &str) -> Vec<Value> {
    let text = member.stderr_so_far();
    let events = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    events.filter(|event| event["name"].as_str().unwrap().starts_with(name)).collect()
}
