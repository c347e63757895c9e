//! Processes that are stopped, by Control-Z or `kill -STOP`, while they hold a lock that others want.

use std::time::Duration;

use rustix::process::Signal;

use crate::world::{Running, World, eventually};

const MESSAGES: u32 = 400_000;

fn world() -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", "2"], "").ok());
    let input: String = (0..MESSAGES).map(|number| format!("{number}\n")).collect();
    drop(world.run("console-producer", ["--topic", "/s:t"], input).ok());
    world
}

fn member(world: &World, line: &str) -> Running {
    let line = format!("--topic /s:t --group g --from-beginning --commit-each {line}");
    world.start("console-consumer", line.split_whitespace())
}

fn is_stopped(running: &Running) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", running.pid())).unwrap();
    stat.rsplit_once(") ").unwrap().1.starts_with('T')
}

/// A member that commits each record holds the lock of the cursors most of the time.
#[test]
fn a_member_that_is_stopped_as_it_commits_keeps_nobody_waiting() {
    let world = world();
    let member = member(&world, "");
    eventually("it reads", || !member.stdout_so_far().is_empty());
    for round in 0..8 {
        member.signal(Signal::TSTP);
        eventually("it is stopped", || is_stopped(&member));
        let words = format!("cursor set -path /s -consumergroup other -topic t -to {round}");
        let begun = std::time::Instant::now();
        drop(world.run("streamctl", words.split_whitespace(), "").ends(0));
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        eventually("it is stopped again", || is_stopped(&member));
        member.signal(Signal::CONT);
    }
    member.signal(Signal::INT);
    let ended = member.wait().ends(130);
    let printed = ended.stdout().lines().count();
    assert!(printed > 0 && ended.stderr().contains(&printed.to_string()), "{}", ended.stderr());
}

#[test]
fn another_takes_over_from_a_member_that_is_stopped_as_it_commits() {
    let world = world();
    let times = "--consumer-property session.timeout.ms=500 --verbose";
    let stopped = member(&world, times);
    eventually("it reads", || !stopped.stdout_so_far().is_empty());
    stopped.signal(Signal::STOP);
    eventually("it is stopped", || is_stopped(&stopped));
    let heir = member(&world, times);
    eventually("all is read", || {
        let all = [stopped.stdout_so_far(), heir.stdout_so_far()].concat();
        let mut seen = vec![false; MESSAGES as usize];
        let numbers = all.lines().filter_map(|line| line.parse::<usize>().ok());
        numbers.for_each(|number| seen[number] = true);
        seen.into_iter().all(|seen| seen)
    });
    stopped.signal(Signal::CONT);
    let told = stopped.wait().ends(9).stderr();
    assert!(told.contains("group `g`"), "{told}");
}
