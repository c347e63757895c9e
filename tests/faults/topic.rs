//! A topic under test: its producers with what they were told, and what is really in it.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::lines::Line;
use crate::world::{Ran, Running, World};

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) partition: u32,
    pub(crate) offset: i64,
}

/// What a producer said has reached the asked level of acks.
pub(crate) type Acked = Vec<(Line, Place)>;

/// Makes a stream and a topic of three partitions.
#[track_caller]
pub(crate) fn create(world: &World, stream: &str, topic: &str) {
    world.run("streamctl", ["stream", "create", "-path", stream], "").ok();
    create_topic(world, stream, topic).ok();
}

/// Makes a topic of three partitions.
#[track_caller]
#[must_use = "say how it should have ended"]
pub(crate) fn create_topic(world: &World, stream: &str, topic: &str) -> Ran {
    let args = ["stream", "topic", "create", "-path", stream, "-topic", topic, "-partitions", "3"];
    world.run("streamctl", args, "")
}

/// Removes a topic with everything in it.
#[track_caller]
#[must_use = "say how it should have ended"]
pub(crate) fn delete_topic(world: &World, stream: &str, topic: &str) -> Ran {
    world.run("streamctl", ["stream", "topic", "delete", "-path", stream, "-topic", topic], "")
}

/// Demands that every file of the store is as it should be.
#[track_caller]
pub(crate) fn check_store(world: &World) {
    world.run("streamctl", ["store", "check"], "").ends(0);
}

/// How a producer is fed.
#[derive(Debug)]
pub(crate) struct Feed {
    /// No more lines than this.
    pub(crate) lines_max: u32,
    /// At most this many lines in one write.
    pub(crate) burst_max: u32,
    /// At most this long between two writes.
    pub(crate) pause_max: Duration,
    /// What is written into each line at the moment it is fed.
    pub(crate) mark: Arc<AtomicU32>,
}

/// A producer process that reports its acks, with the thread that feeds it.
#[derive(Debug)]
pub(crate) struct Producer {
    number: u32,
    running: Running,
    stop: Arc<AtomicBool>,
    feeder: JoinHandle<u32>,
}

/// How a producer ended.
#[derive(Debug)]
pub(crate) struct Produced {
    pub(crate) ran: Ran,
    pub(crate) number: u32,
    /// How many lines were handed to it, whole. (A killed one may have got part of one more.)
    pub(crate) fed: u32,
    pub(crate) acked: Acked,
}

impl Producer {
    /// Starts producer `number` (never used before in this topic) and begins to feed it.
    #[track_caller]
    pub(crate) fn start(
        world: &World,
        target: &str,
        acks: &str,
        number: u32,
        feed: Feed,
        mut random: fastrand::Rng,
    ) -> Producer {
        let args = ["--topic", target, "--request-required-acks", acks, "--report-acks"];
        let mut running = world.start("console-producer", args);
        let mut stdin = running.take_stdin();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let feeder = thread::spawn(move || {
            let mut fed = 0;
            while fed < feed.lines_max && !stopped.load(Ordering::Relaxed) {
                let burst = random.u32(1..=feed.burst_max).min(feed.lines_max - fed);
                let mark = feed.mark.load(Ordering::SeqCst);
                let mut text = String::new();
                for sequence in fed..fed + burst {
                    text.push_str(&Line { producer: number, mark, sequence }.to_string());
                    text.push('\n');
                }
                if stdin.write_all(text.as_bytes()).is_err() {
                    break; // It is gone: killed, or it has given up.
                }
                fed += burst;
                if !feed.pause_max.is_zero() && random.bool() {
                    thread::sleep(feed.pause_max.mul_f64(random.f64()));
                }
            }
            fed
        });
        Producer { number, running, stop, feeder }
    }

    /// Returns the process, to wait for what it prints.
    pub(crate) fn running(&self) -> &Running {
        &self.running
    }

    /// Kills the process where it stands.
    #[track_caller]
    pub(crate) fn kill(self) -> Produced {
        let Producer { number, running, stop, feeder } = self;
        stop.store(true, Ordering::Relaxed);
        let ran = running.kill();
        Produced::new(number, ran, feeder)
    }

    /// Ends the feeding now and the input with it, and waits for the end of the process.
    #[track_caller]
    pub(crate) fn stop(self) -> Produced {
        self.stop.store(true, Ordering::Relaxed);
        self.wait()
    }

    /// Waits until everything is fed and the process has ended.
    #[track_caller]
    pub(crate) fn wait(self) -> Produced {
        let Producer { number, running, feeder, .. } = self;
        let ran = running.wait();
        Produced::new(number, ran, feeder)
    }
}

impl Produced {
    #[track_caller]
    fn new(number: u32, ran: Ran, feeder: JoinHandle<u32>) -> Produced {
        let fed = feeder.join().unwrap();
        let acked = acked(&ran.stdout());
        for (line, place) in &acked {
            assert_eq!(line.producer, number, "an ack for a line of another at {place:?}");
        }
        Produced { ran, number, fed, acked }
    }

    /// Demands that the producer ended well and that every line was acknowledged, once.
    #[track_caller]
    pub(crate) fn all_stored(self) -> Produced {
        assert_eq!(self.ran.code(), Some(0), "{}", self.ran.told());
        let mut sequences: Vec<u32> = self.acked.iter().map(|(line, _)| line.sequence).collect();
        sequences.sort_unstable();
        let all: Vec<u32> = (0..self.fed).collect();
        assert!(sequences == all, "producer {}: not every line acked exactly once", self.number);
        self
    }
}

/// Reads the lines of `--report-acks`; a last line without its end was cut off by a kill.
#[track_caller]
pub(crate) fn acked(stdout: &str) -> Acked {
    let whole = stdout.rfind('\n').map_or("", |end| &stdout[..end]);
    let mut acked = Vec::new();
    for text in whole.lines() {
        let event: serde_json::Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("`{text}`: {error}"));
        if event["name"] != "producer_send_success" {
            continue;
        }
        let value = event["value"].as_str().unwrap_or_else(|| panic!("no value in `{text}`"));
        let line = Line::parse(value).unwrap_or_else(|| panic!("acked, but never fed: `{text}`"));
        let number = |name: &str| {
            event[name].as_i64().unwrap_or_else(|| panic!("no number `{name}` in `{text}`"))
        };
        let partition = u32::try_from(number("partition")).unwrap();
        acked.push((line, Place { partition, offset: number("offset") }));
    }
    acked
}

/// The arguments that make a consumer print where each record is, before it.
pub(crate) const WITH_PLACES: [&str; 4] =
    ["--formatter-property", "print.partition=true", "--formatter-property", "print.offset=true"];

/// Everything a consumer saw, proven whole: no line torn, doubled, or out of its producer's order.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    places: HashMap<Line, Place>,
}

impl Seen {
    /// Reads a topic from its beginning to its end as it is now.
    #[track_caller]
    pub(crate) fn all_of(world: &World, target: &str) -> Seen {
        let range = ["--topic", target, "--from", "beginning", "--until", "end"];
        let ran = world.run("console-consumer", range.iter().chain(&WITH_PLACES), "").ok();
        Seen::in_output(&ran.stdout())
    }

    /// Reads what a consumer printed with [`WITH_PLACES`].
    #[track_caller]
    pub(crate) fn in_output(stdout: &str) -> Seen {
        let mut places = HashMap::new();
        let mut next_offset: HashMap<u32, i64> = HashMap::new();
        let mut next_sequence: HashMap<(u32, u32), u32> = HashMap::new();
        for text in stdout.split_terminator('\n') {
            let (line, place) = record(text).unwrap_or_else(|| panic!("torn: `{text}`"));
            if let Some(before) = places.insert(line, place) {
                panic!("`{line}` is there twice: at {before:?} and {place:?}");
            }
            if let Some(expected) = next_offset.insert(place.partition, place.offset + 1) {
                assert_eq!(place.offset, expected, "partition {} jumps", place.partition);
            }
            let order = (line.producer, place.partition);
            if let Some(least) = next_sequence.insert(order, line.sequence + 1) {
                assert!(line.sequence >= least, "`{line}` comes too late, at {place:?}");
            }
        }
        Seen { places }
    }

    /// Returns how many records there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// Returns the lines of one producer, in no order.
    pub(crate) fn of_producer(&self, number: u32) -> usize {
        self.places.keys().filter(|line| line.producer == number).count()
    }

    /// Demands that everything acknowledged is there, and there where it was said to be.
    #[track_caller]
    pub(crate) fn has_all(&self, acked: &Acked) {
        for (line, place) in acked {
            match self.places.get(line) {
                Some(found) => assert_eq!(found, place, "`{line}` is not where it was acked"),
                None => panic!("acked at {place:?}, and gone: `{line}`"),
            }
        }
    }
}

/// Reads `Partition:0<TAB>Offset:5<TAB>line`.
fn record(text: &str) -> Option<(Line, Place)> {
    let (partition, rest) = text.strip_prefix("Partition:")?.split_once('\t')?;
    let (offset, line) = rest.strip_prefix("Offset:")?.split_once('\t')?;
    let place = Place { partition: partition.parse().ok()?, offset: offset.parse().ok()? };
    Some((Line::parse(line)?, place))
}

mod harness {
    use super::{Line, Place, Seen, acked};

    const LINES: [Line; 3] = [
        Line { producer: 1, mark: 0, sequence: 0 },
        Line { producer: 1, mark: 0, sequence: 1 },
        Line { producer: 1, mark: 0, sequence: 2 },
    ];

    fn printed(records: &[(u32, i64, Line)]) -> String {
        let record = |(partition, offset, line): &(u32, i64, Line)| {
            format!("Partition:{partition}\tOffset:{offset}\t{line}\n")
        };
        records.iter().map(record).collect()
    }

    #[test]
    fn a_report_is_read_up_to_its_last_whole_line() {
        let line = LINES[0];
        let event = format!(
            "{{\"timestamp\":5,\"name\":\"producer_send_success\",\"key\":null,\
             \"value\":\"{line}\",\"offset\":7,\"partition\":2,\"topic\":\"t\"}}"
        );
        let read = acked(&format!("{event}\n{}", &event[..40]));
        assert_eq!(read, [(line, Place { partition: 2, offset: 7 })]);
    }

    #[test]
    fn what_is_there_is_found() {
        let seen = Seen::in_output(&printed(&[(0, 5, LINES[0]), (1, 0, LINES[1])]));
        seen.has_all(&vec![(LINES[0], Place { partition: 0, offset: 5 })]);
        assert_eq!((seen.count(), seen.of_producer(1), seen.of_producer(2)), (2, 2, 0));
    }

    #[test]
    #[should_panic(expected = "and gone")]
    fn a_lost_record_is_noticed() {
        let seen = Seen::in_output(&printed(&[(0, 5, LINES[0])]));
        seen.has_all(&vec![(LINES[1], Place { partition: 0, offset: 6 })]);
    }

    #[test]
    #[should_panic(expected = "is there twice")]
    fn a_doubled_record_is_noticed() {
        Seen::in_output(&printed(&[(0, 0, LINES[0]), (1, 0, LINES[0])]));
    }

    #[test]
    #[should_panic(expected = "comes too late")]
    fn a_record_out_of_order_is_noticed() {
        Seen::in_output(&printed(&[(0, 0, LINES[1]), (0, 1, LINES[0])]));
    }

    #[test]
    #[should_panic(expected = "jumps")]
    fn a_missing_offset_is_noticed() {
        Seen::in_output(&printed(&[(0, 0, LINES[0]), (0, 2, LINES[1])]));
    }

    #[test]
    #[should_panic(expected = "torn")]
    fn a_torn_record_is_noticed() {
        let text = printed(&[(0, 0, LINES[0])]);
        Seen::in_output(&text[..text.len() - 2]);
    }
}
