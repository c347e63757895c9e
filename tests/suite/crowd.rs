//! Many processes that change one stream at the same time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::world::{Running, World, run_command};

/// How many processes there are at a time.
const PROCESSES: usize = 8;

/// How many topics they make together.
const TOPICS: usize = 1000;

fn shell(world: &World, script: &str) -> std::process::Command {
    let program = crate::world::program_path("streamctl");
    world.command("/bin/bash", ["-c", script, program.to_str().unwrap()])
}

/// Returns by how much longer things take because of what else runs here; 1 on a quiet machine.
fn share_of_others() -> f64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = load.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(0.0);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    (load / processors as f64).max(1.0)
}

/// Each process makes its share one by one.
#[test]
fn a_thousand_topics_are_made_by_eight_processes_each_once() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/s"], "").ok());
    let busy = share_of_others();
    let begun = Instant::now();
    let share = TOPICS / PROCESSES;
    let running: Vec<Running> = (0..PROCESSES)
        .map(|process| {
            let script = format!(
                "for number in {{0..{last}}}; do
                    \"$0\" stream topic create -path /s -topic t-{process}-$number -partitions 2
                    echo $?
                done",
                last = share - 1
            );
            Running::start(shell(&world, &script))
        })
        .collect();
    for process in running {
        let ran = process.wait().ok();
        assert_eq!(ran.stdout(), "0\n".repeat(share), "{}", ran.told());
    }
    let took = begun.elapsed();
    println!("{TOPICS} topics by {PROCESSES} processes: {} ms", took.as_millis());
    let listed = world.run("streamctl", ["topic", "list", "/s", "-format", "csv"], "").ok();
    let names: Vec<String> =
        listed.stdout().lines().skip(1).map(|row| row.split(',').next().unwrap().into()).collect();
    let once: BTreeSet<&String> = names.iter().collect();
    assert_eq!((names.len(), once.len()), (TOPICS, TOPICS));
    assert!(listed.stdout().lines().skip(1).all(|row| row.ends_with(",2,0,0,0,0")));
    drop(world.run("streamctl", ["store", "check"], "").ok());
    let limit = Duration::from_secs(60).mul_f64(busy);
    assert!(took < limit, "took {} s of {} s", took.as_secs(), limit.as_secs());
}

/// All want the same topics: one of them makes each, and the others are told that it exists.
#[test]
fn of_eight_processes_that_want_one_topic_one_makes_it() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/s"], "").ok());
    let script = "for number in {0..24}; do
            \"$0\" stream topic create -path /s -topic t-$number
            echo $number $?
        done";
    let running: Vec<Running> =
        (0..PROCESSES).map(|_| Running::start(shell(&world, script))).collect();
    let mut made = Vec::new();
    for process in running {
        let ran = process.wait().ends(0);
        for line in ran.stdout().lines() {
            match line.split_once(' ').unwrap() {
                (number, "0") => made.push(number.parse::<u32>().unwrap()),
                (_, code) => assert_eq!(code, "4", "{}", ran.told()),
            }
        }
        for line in ran.stderr().lines() {
            assert!(line.ends_with("exists already in stream `/s`"), "{}", ran.told());
        }
    }
    made.sort_unstable();
    assert_eq!(made, (0..25).collect::<Vec<u32>>());
    drop(world.run("streamctl", ["store", "check"], "").ok());
}

/// Those who look meanwhile see whole topics, and never a lock.
#[test]
fn a_stream_that_changes_can_be_read_all_the_time() {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "/s"], "").ok());
    let change = "for number in {0..39}; do
            \"$0\" topic create /s:t-$number && \"$0\" topic edit /s:t-$number -partitions 3 &&
            \"$0\" topic delete /s:t-$number || exit
        done";
    let look = "while [ ! -e done ]; do
            \"$0\" topic list /s -format csv -noheader || exit
            \"$0\" stream info /s >/dev/null || exit
        done";
    let readers: Vec<Running> = (0..2).map(|_| Running::start(shell(&world, look))).collect();
    let ran = run_command(shell(&world, change), "").ends(0);
    let odd = ran.stderr().lines().find(|line| !line.contains("has 3 partitions now")).is_some();
    assert!(!odd, "{}", ran.told());
    std::fs::write(world.dir().join("done"), "").unwrap();
    for reader in readers {
        let ran = reader.wait().ok();
        for row in ran.stdout().lines() {
            let cells: Vec<&str> = row.split(',').collect();
            assert!(cells.len() == 6 && matches!(cells[1], "1" | "3"), "{}", ran.told());
        }
    }
}
