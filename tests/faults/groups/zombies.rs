//! Members that are stopped past their deadlines, and go on after others took over from them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use rustix::process::Signal;

use crate::group_rounds;
use crate::lines::Line;
use crate::topic::{self, Feed, Producer};
use crate::world::{World, eventually, random};

use super::cast::{Commits, Member, Settings, Stage};
use super::checker::{Report, check};
use super::follower::Follower;
use super::history::{End, History, now};
use super::metronome::Metronome;
use super::pump::Pump;

/// How many rounds the short form has, over all lanes.
const ROUNDS: u32 = 5;
const PARTITIONS: u32 = 3;
/// How many records come at a time where it is quiet.
const RECORDS: u32 = 30;
/// The member that takes over.
const HEIR: u32 = 1;

/// What the zombies of a lane do. Each lane has a store of its own.
#[derive(Clone, Copy, Debug)]
struct Lane {
    /// They commit each record by itself.
    commits_each: bool,
    coming: Coming,
}

/// How records come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coming {
    /// All the time.
    Always,
    /// A few at a time: the zombie has printed all when it is stopped.
    Seldom,
    /// So many at once that the zombie's pipe is full: it is stopped in a write, with more waiting.
    Flooding,
}

const LANES: [Lane; 5] = [
    Lane { commits_each: false, coming: Coming::Flooding },
    Lane { commits_each: false, coming: Coming::Always },
    Lane { commits_each: true, coming: Coming::Always },
    Lane { commits_each: false, coming: Coming::Seldom },
    Lane { commits_each: true, coming: Coming::Seldom },
];
/// One of so many rounds is one with a flood, which costs more than the others.
const ROUNDS_PER_FLOOD: u32 = 20;
/// How many records a flood has; a third of them for each partition.
const FLOOD_RECORDS: u32 = 36_000;
/// At most so much of it is printed before the zombie's pipe stays full. Bytes.
const FLOOD_PRINTED_MAX: u64 = 900 << 10;

/// A lane at work.
struct Rounds<'w> {
    lane: Lane,
    stage: Stage<'w>,
    follower: Follower,
    random: Rng,
    history: History,
    /// The zombies' numbers count up behind the heir's, as those of the small producers do.
    members: u32,
    producers: u32,
    /// Members that were late for their heartbeats without any help.
    overdue: u32,
}

impl Rounds<'_> {
    /// One round. `false` if the machine kept the member from its heartbeats before it was stopped.
    fn round(&mut self) -> bool {
        self.members += 1;
        let number = self.members;
        let session_ms = self.random.u32(300..=450);
        let commits = match self.lane.commits_each {
            true => Commits::Each,
            // Something to commit may be left when it goes on, or not.
            false => Commits::Every([1, 40, 5000][self.random.usize(..3)]),
        };
        let heartbeat_ms = session_ms / 4;
        let assignors = "cooperative-sticky";
        let settings = Settings { session_ms, heartbeat_ms, commits, assignors };
        let (mut zombie, mut pump) = match self.lane.coming {
            Coming::Flooding => {
                let (member, pump) = Member::piped(&self.stage, number, settings);
                (member, Some(pump))
            }
            Coming::Always | Coming::Seldom => (Member::start(&self.stage, number, settings), None),
        };
        if !self.wait_until_settled(&[HEIR, number], &mut zombie) {
            return self.overdue(zombie, pump);
        }
        match &mut pump {
            Some(pump) => {
                // All is there before the first write can end: so many writes follow it at once.
                self.flood();
                let printed = match self.history.lives.is_empty() {
                    // In the second write, with others behind it.
                    true => 300 << 10,
                    false => self.random.u64(..FLOOD_PRINTED_MAX),
                };
                pump.read_and_wait(printed);
            }
            None if self.lane.coming == Coming::Seldom => self.produce(),
            None => thread::sleep(Duration::from_millis(self.random.u64(..80))),
        }
        let (deadline, _) = zombie.stop(&self.stage);
        if let Some(pump) = &mut pump {
            pump.empty();
        }
        let is_member = deadline.is_some();
        if is_member {
            let settled = self.wait_until_settled(&[HEIR], &mut zombie);
            assert!(settled, "member {number} ends although it is stopped");
            match self.lane.coming {
                Coming::Seldom if self.random.bool() => self.produce(),
                _ => thread::sleep(Duration::from_millis(self.random.u64(..80))),
            }
        }
        zombie.go_on(&self.stage);
        if !is_member {
            return self.overdue(zombie, pump);
        }
        if let Some(pump) = pump {
            pump.finish();
        }
        let life = zombie.end(&self.stage);
        assert_eq!(life.end, End::Fenced, "member {number} of {:?}: {life:?}", self.lane);
        self.history.lives.insert(number, life);
        true
    }

    fn overdue(&mut self, member: Member, pump: Option<Pump>) -> bool {
        let number = member.number;
        if let Some(pump) = pump {
            pump.finish();
        }
        self.history.lives.insert(number, member.end(&self.stage));
        self.overdue += 1;
        false
    }

    /// Waits until these members share everything; `false` if `member` has ended instead.
    #[track_caller]
    fn wait_until_settled(&self, members: &[u32], member: &mut Member) -> bool {
        let members: BTreeSet<u32> = members.iter().copied().collect();
        let mut settled = false;
        eventually("the members share everything", || {
            settled = self.follower.so_far().is_settled(&members, PARTITIONS);
            settled || member.has_ended()
        });
        settled
    }

    /// Writes many records to all partitions.
    fn flood(&mut self) {
        self.producers += 1;
        let feed = Feed {
            lines_max: FLOOD_RECORDS,
            burst_max: 1000,
            pause_max: Duration::ZERO,
            mark: Arc::new(AtomicU32::new(0)),
        };
        let random = self.random.fork();
        let number = self.producers;
        let flood = Producer::start(self.stage.world, "/zombies:t", "1", number, feed, random);
        self.history.acked.extend(flood.wait().all_stored().acked);
    }

    /// Writes some records to all partitions, and waits until they are printed.
    fn produce(&mut self) {
        self.producers += 1;
        let begin = std::fs::metadata(self.stage.output()).unwrap().len();
        let mut input = String::new();
        let line = |sequence| Line { producer: self.producers, mark: 0, sequence };
        for sequence in 0..RECORDS {
            writeln!(input, "key {sequence}\t{}", line(sequence)).unwrap();
        }
        let target = format!("{}:t", self.stage.stream);
        let args = ["--topic", &target, "--report-acks", "--reader-property", "parse.key=true"];
        let ran = self.stage.world.run("console-producer", args, input).ok();
        let acked = topic::acked(&ran.stdout());
        assert_eq!(acked.len(), RECORDS as usize);
        self.history.acked.extend(acked);
        eventually("all of them are printed", || {
            let mut output = std::fs::File::open(self.stage.output()).unwrap();
            output.seek(SeekFrom::Start(begin)).unwrap();
            let mut text = String::new();
            output.read_to_string(&mut text).unwrap();
            (0..RECORDS).all(|sequence| text.contains(&format!(" {}\n", line(sequence))))
        });
    }
}

/// Runs `count` rounds of a lane.
fn run(lane: Lane, count: u32, mut random: Rng) -> (Report, u32) {
    let world = World::new();
    topic::create(&world, "/zombies", "t");
    let stage = Stage { world: &world, stream: "/zombies" };
    let metronome = Metronome::start();
    let commits = if lane.commits_each { Commits::Each } else { Commits::Every(20) };
    // It is not to be late itself.
    let (session_ms, heartbeat_ms) = (60_000, 1000);
    let settings = Settings { session_ms, heartbeat_ms, commits, assignors: "cooperative-sticky" };
    let heir = Member::start(&stage, HEIR, settings);
    let producer = (lane.coming == Coming::Always).then(|| {
        let feed = Feed {
            lines_max: u32::MAX,
            burst_max: 40,
            pause_max: Duration::from_millis(20),
            mark: Arc::new(AtomicU32::new(0)),
        };
        Producer::start(&world, "/zombies:t", "1", 0, feed, random.fork())
    });
    let mut rounds = Rounds {
        lane,
        follower: Follower::start(stage.cursors()),
        stage,
        random,
        history: History { grown: vec![(now(), PARTITIONS)], ..History::default() },
        members: HEIR,
        producers: 0,
        overdue: 0,
    };
    let mut done = 0;
    while done < count {
        done += u32::from(rounds.round());
        // Where everybody is late nothing is proven.
        assert!(rounds.overdue <= 10 + count, "most members miss their heartbeats by themselves");
    }
    let Rounds { stage, follower, mut history, overdue, .. } = rounds;
    history.acked.extend(producer.into_iter().flat_map(|one| one.stop().all_stored().acked));
    eventually("everything is committed", || {
        let followed = follower.so_far();
        let mut acked = history.acked.iter().map(|(_, place)| place);
        acked.all(|place| followed.cursors.get(&place.partition) > Some(&place.offset))
    });
    history.until = now();
    heir.ask(Signal::TERM);
    history.lives.insert(HEIR, heir.end(&stage));
    assert_eq!(history.lives[&HEIR].end, End::Left);
    history.log = follower.stop().log;
    history.late = metronome.stop();
    history.read_output(&std::fs::read_to_string(stage.output()).unwrap());
    topic::check_store(&world);
    (check(&history), overdue)
}

/// Nothing that a zombie does counts: it ends with exit status 9 and says why.
///
/// Method: a member is stopped in the midst of things; when its deadline has passed another one has
/// taken over from it, reads on and commits; then it goes on. The checker sees to it that no commit
/// is of anybody but the owner and that no cursor goes back. Several lanes run side by side, for
/// most of the time is spent waiting.
#[test]
fn zombies_are_told_that_they_are_dead() {
    let rounds = group_rounds().map_or(ROUNDS, |rounds| rounds.div_ceil(2));
    let mut random = random();
    let begun = Instant::now();
    let floods = rounds.div_ceil(ROUNDS_PER_FLOOD);
    let lanes: Vec<_> = (0..)
        .zip(LANES)
        .map(|(number, lane)| {
            let count = match lane.coming {
                Coming::Flooding => floods,
                Coming::Always | Coming::Seldom => (rounds - floods + 4 - number) / 4,
            };
            let random = random.fork();
            (lane, count, thread::spawn(move || run(lane, count, random)))
        })
        .collect();
    for (lane, count, running) in lanes {
        let (report, overdue) = running.join().unwrap();
        println!("{count} zombies, {lane:?}, {overdue} more late without help\n{report:#?}");
        // Each round has seen to it that its own zombie is.
        assert!(report.fenced >= count as usize, "{} of {count} are fenced", report.fenced);
    }
    println!("{rounds} zombies in {} s", begun.elapsed().as_secs());
}
