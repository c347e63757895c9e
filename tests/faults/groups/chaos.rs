//! A group in which members come, leave, are killed, and are stopped for too long, at random, while
//! partitions are added and two producers write.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use rustix::process::Signal;
use serde_json::Value;

use crate::group_rounds;
use crate::topic::{self, Feed, Producer};
use crate::world::{World, eventually, random};

use super::cast::{Cast, Commits, Member, Settings, Stage};
use super::checker::check;
use super::follower::Follower;
use super::history::{History, Ms, now};
use super::metronome::Metronome;

/// How many steps the short form has.
const STEPS: u32 = 40;
/// How many members there are at most, and of those that are not stopped at least.
const MEMBERS_MAX: usize = 6;
const MEMBERS_MIN: usize = 2;
/// How many are stopped at a time at most.
const STOPPED_MAX: usize = 2;
const PARTITIONS_MAX: u32 = 24;
/// The longest pause between two steps. Milliseconds.
const PAUSE_MAX_MS: u64 = 200;

/// What can happen in a step.
#[derive(Clone, Copy, Debug)]
enum Step {
    Join,
    Leave,
    Kill,
    Stop,
    Grow,
    /// Many records come at once.
    Flood,
}

/// A run.
struct Chaos<'w> {
    stage: Stage<'w>,
    random: Rng,
    /// The members that are to stay, and those that were asked to leave, killed, or fenced.
    cast: Cast,
    gone: Vec<Member>,
    /// When stopped members go on.
    going_on: Vec<(Ms, u32)>,
    members: u32,
    producers: u32,
    floods: Vec<Producer>,
    history: History,
    partitions: u32,
    /// How often a member was not stopped because others would have waited for its lock.
    in_append: u32,
    counts: [u32; 6],
}

impl Chaos<'_> {
    fn step(&mut self) {
        let running = || self.cast.values().filter(|member| !member.is_stopped());
        let can_lose = running().count() > MEMBERS_MIN;
        let stopped = self.cast.len() - running().count();
        let can_stop = can_lose && stopped < STOPPED_MAX;
        let step = match self.random.u32(..100) {
            0..2 if self.partitions < PARTITIONS_MAX => Step::Grow,
            2..5 => Step::Flood,
            5..25 if can_lose => Step::Leave,
            25..50 if can_lose => Step::Kill,
            50..70 if can_stop => Step::Stop,
            _ if self.cast.len() < MEMBERS_MAX => Step::Join,
            _ if can_lose => Step::Kill,
            // Too many are stopped: one of them goes on, or is killed.
            _ => return self.go_on_early(),
        };
        self.counts[step as usize] += 1;
        match step {
            Step::Join => self.join(),
            Step::Leave => {
                let member = self.take_running();
                member.ask(if self.random.bool() { Signal::TERM } else { Signal::INT });
                self.gone.push(member);
            }
            Step::Kill => {
                let mut member = self.take_running();
                member.kill(&self.stage);
                self.gone.push(member);
            }
            Step::Stop => self.stop(),
            Step::Grow => self.grow(),
            Step::Flood => {
                let feed = Feed { lines_max: 8000, burst_max: 400, ..self.feed() };
                let feed = Feed { pause_max: Duration::ZERO, ..feed };
                let flood = self.producer("1", feed);
                self.floods.push(flood);
            }
        }
    }

    fn join(&mut self) {
        self.members += 1;
        let session_ms = self.random.u32(600..=1000);
        let settings = Settings {
            session_ms,
            heartbeat_ms: self.random.u32(50..=session_ms / 3),
            commits: match self.random.u32(..3) {
                0 => Commits::Each,
                _ => Commits::Every(self.random.u32(1..=400)),
            },
            // All of them agree to one.
            assignors: ["sticky,range", "cooperative-sticky,sticky,range", "range"]
                [self.random.usize(..3)],
        };
        let member = Member::start(&self.stage, self.members, settings);
        self.cast.insert(self.members, member);
    }

    /// One that is not stopped.
    fn choose_running(&mut self) -> u32 {
        let running = self.cast.values().filter(|member| !member.is_stopped());
        let numbers: Vec<u32> = running.map(|member| member.number).collect();
        numbers[self.random.usize(..numbers.len())]
    }

    fn take_running(&mut self) -> Member {
        let number = self.choose_running();
        self.cast.remove(&number).unwrap()
    }

    /// Stops one; mostly for so long that others take over from it.
    fn stop(&mut self) {
        let number = self.choose_running();
        let (deadline, in_append) = self.cast.get_mut(&number).unwrap().stop(&self.stage);
        self.in_append += in_append;
        let until = match deadline {
            Some(_) if self.random.u32(..4) == 0 => now() + self.random.i64(0..150),
            Some(deadline) => deadline + self.random.i64(1..400),
            None => now() + self.random.i64(0..400),
        };
        self.going_on.push((until, number));
    }

    fn go_on_early(&mut self) {
        if let Some((until, _)) = self.going_on.first_mut() {
            *until = now();
        }
    }

    fn grow(&mut self) {
        self.partitions += 1;
        let args = format!("topic edit -path {} -topic t -partitions", self.stage.stream);
        let count = self.partitions.to_string();
        let args = args.split(' ').chain([count.as_str()]);
        drop(self.stage.world.run("streamctl", args, "").ends(0));
        self.history.grown.push((now(), self.partitions));
    }

    fn feed(&self) -> Feed {
        Feed {
            lines_max: u32::MAX,
            burst_max: 10,
            pause_max: Duration::from_millis(20),
            mark: Arc::new(AtomicU32::new(0)),
        }
    }

    fn producer(&mut self, acks: &str, feed: Feed) -> Producer {
        self.producers += 1;
        let target = format!("{}:t", self.stage.stream);
        let random = self.random.fork();
        Producer::start(self.stage.world, &target, acks, self.producers, feed, random)
    }

    /// Lets those go on whose time it is, and looks who has ended by itself, for a while.
    fn pause(&mut self, pause: Duration) {
        let end = Instant::now() + pause;
        loop {
            let time = now();
            for (_, number) in self.going_on.extract_if(.., |(until, _)| *until <= time) {
                if let Some(member) = self.cast.get_mut(&number) {
                    member.go_on(&self.stage);
                }
            }
            let fenced: Vec<u32> = self
                .cast
                .values_mut()
                .filter_map(|one| one.has_ended().then_some(one.number))
                .collect();
            self.gone.extend(fenced.iter().filter_map(|number| self.cast.remove(number)));
            for member in self.gone.extract_if(.., Member::has_ended) {
                let number = member.number;
                self.history.lives.insert(number, member.end(&self.stage));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(Duration::from_millis(2)));
        }
    }

    /// Whether the group says that it is stable, with the members that it has to have.
    fn is_stable(&self) -> bool {
        let args = ["group", "list", "-path", self.stage.stream, "-format", "jsonl"];
        let text = self.stage.world.run("streamctl", args, "").ok().stdout();
        let row: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        row["state"] == "Stable" && row["members"] == self.cast.len()
    }
}

/// A thousand steps, or a few.
///
/// Method: what the members print goes into one file, in the order in which it came to the kernel;
/// the log of cursors is read along, with each change of an owner and each commit in their order;
/// the producers report what was acknowledged. From these the checker knows whether every record
/// came, whether each one that came again had to, who printed what was not its own any more, and
/// for how long nobody owned a partition.
#[test]
fn a_group_goes_on_whatever_happens_to_its_members() {
    let world = World::new();
    topic::create(&world, "/chaos", "t");
    let stage = Stage { world: &world, stream: "/chaos" };
    let follower = Follower::start(stage.cursors());
    let metronome = Metronome::start();
    let steps = group_rounds().unwrap_or(STEPS);
    let mut chaos = Chaos {
        stage,
        random: random(),
        cast: Cast::new(),
        gone: Vec::new(),
        going_on: Vec::new(),
        members: 0,
        producers: 0,
        floods: Vec::new(),
        history: History { grown: vec![(now(), 3)], ..History::default() },
        partitions: 3,
        in_append: 0,
        counts: [0; 6],
    };
    for _ in 0..=MEMBERS_MIN {
        chaos.join();
    }
    let producers = ["1", "all"].map(|acks| {
        let feed = chaos.feed();
        chaos.producer(acks, feed)
    });
    let begun = Instant::now();
    for _ in 0..steps {
        chaos.step();
        let pause = chaos.random.u64(..=PAUSE_MAX_MS);
        chaos.pause(Duration::from_millis(pause));
    }
    let took = begun.elapsed();
    while !chaos.going_on.is_empty() {
        chaos.pause(Duration::from_millis(10));
    }

    for producer in producers {
        chaos.history.acked.extend(producer.stop().all_stored().acked);
    }
    for flood in std::mem::take(&mut chaos.floods) {
        chaos.history.acked.extend(flood.wait().all_stored().acked);
    }
    let ended = Instant::now();
    eventually("the group is stable with the members that are left", || {
        chaos.pause(Duration::from_millis(10));
        let members: BTreeSet<u32> = chaos.cast.keys().copied().collect();
        let settled = follower.so_far().is_settled(&members, chaos.partitions);
        settled && chaos.is_stable()
    });
    let stable = ended.elapsed();
    eventually("everything is committed", || {
        let followed = follower.so_far();
        let mut acked = chaos.history.acked.iter().map(|(_, place)| place);
        acked.all(|place| followed.cursors.get(&place.partition) > Some(&place.offset))
    });
    chaos.history.until = now();
    for member in std::mem::take(&mut chaos.cast).into_values() {
        member.ask(Signal::TERM);
        chaos.gone.push(member);
    }
    for member in std::mem::take(&mut chaos.gone) {
        let number = member.number;
        chaos.history.lives.insert(number, member.end(&chaos.stage));
    }
    topic::check_store(&world);

    let mut history = chaos.history;
    history.log = follower.stop().log;
    history.late = metronome.stop();
    history.read_output(&std::fs::read_to_string(chaos.stage.output()).unwrap());
    let report = check(&history);
    println!(
        "{steps} steps in {} s (joins, leaves, kills, stops, growths, floods: {:?}; stopped a \
         little later because it held the lock: {}); {} records acknowledged; stable {} ms after \
         the last; the harness late by {} ms (99th percentile), load {:.1}\n{report:#?}",
        took.as_secs(),
        chaos.counts,
        chaos.in_append,
        history.acked.len(),
        stable.as_millis(),
        history.late.p99(),
        history.late.load,
    );
    assert!(report.killed > 0 && report.fenced > 0, "nobody was killed, or nobody fenced");
}
