//! The index database deleted, cut, or replaced while everything goes on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;
use std::{fs, io};

use crate::rounds;
use crate::topic::{self, Acked, Feed, Producer, Seen};
use crate::world::{Ran, World, random};

/// How often a command may fail in a row before it has failed for good.
const TRIES: u32 = 10;

/// Returns the stream's index databases, the newest last.
fn indexes(stream: &Path) -> Vec<PathBuf> {
    let number = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix("index.")?.strip_suffix(".db")?.parse::<u64>().ok()
    };
    let mut found: Vec<PathBuf> = fs::read_dir(stream)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    found.retain(|path| number(path).is_some());
    found.sort_by_key(number);
    found
}

/// Does one thing to the newest index; the file may vanish meanwhile, which is fine.
fn vandalize(stream: &Path, kept: &Path, random: &mut fastrand::Rng) -> io::Result<()> {
    let Some(newest) = indexes(stream).pop() else { return Ok(()) };
    match random.u8(..5) {
        0 => fs::remove_file(newest),
        1 => {
            let file = fs::OpenOptions::new().write(true).open(&newest)?;
            let size = file.metadata()?.len();
            file.set_len(random.u64(..=size))
        }
        2 => {
            let mut noise = vec![0; random.usize(..20_000)];
            random.fill(&mut noise);
            let other = kept.with_extension("noise");
            fs::write(&other, noise)?;
            fs::rename(other, newest)
        }
        3 => fs::copy(newest, kept).map(drop),
        _ => {
            let other = kept.with_extension("older");
            fs::copy(kept, &other)?;
            fs::rename(other, newest)
        }
    }
}

/// Runs a command until it works; `done` tells whether a failure means that it already had.
#[track_caller]
fn persist(mut command: impl FnMut() -> Ran, done: impl Fn(&Ran) -> bool) -> (Ran, u32) {
    for failures in 0..TRIES {
        let ran = command();
        if ran.code() == Some(0) || failures > 0 && done(&ran) {
            return (ran, failures);
        }
        assert_ne!(ran.code(), Some(70), "a bug of ours: {}", ran.told());
        assert!(failures + 1 < TRIES, "failed for good: {}", ran.told());
    }
    unreachable!("the last try returns or fails the test")
}

fn list(world: &World) -> Ran {
    let args = ["stream", "topic", "list", "-path", "/index", "-format", "mapr"];
    world.run("streamctl", args, "")
}

/// Returns the topics of a listing, sorted: the fourth column under MapR's header.
#[track_caller]
fn topics_in(listing: &Ran) -> Vec<String> {
    let stdout = listing.stdout();
    let mut rows = stdout.lines();
    let header = rows.next().unwrap_or_default();
    let column = header.split_whitespace().position(|name| name == "topic");
    let column = column.unwrap_or_else(|| panic!("no column `topic`: {}", listing.told()));
    let mut topics: Vec<String> =
        rows.filter_map(|row| Some(row.split_whitespace().nth(column)?.to_owned())).collect();
    topics.sort_unstable();
    topics
}

/// Nothing is lost, nothing is wrong, and no command fails for good, whatever becomes of the index.
///
/// Method: one thread deletes, truncates or replaces the newest `index.<n>.db` every few
/// milliseconds; meanwhile topics are created, filled, listed and read. Afterwards, with nothing
/// running, the index is overwritten in place as well.
#[test]
fn the_index_may_be_lost_at_any_moment() {
    let world = World::new();
    let mut random = random();
    topic::create(&world, "/index", "t");
    let stream = world.store().join("index");
    assert!(!indexes(&stream).is_empty(), "no index.<n>.db in {}", stream.display());

    let stop = Arc::new(AtomicBool::new(false));
    let vandal = {
        let (stop, mut random) = (Arc::clone(&stop), random.fork());
        let (stream, kept) = (stream.clone(), world.dir().join("kept.db"));
        thread::spawn(move || {
            let mut acts = 0;
            while !stop.load(Ordering::Relaxed) {
                acts += u32::from(vandalize(&stream, &kept, &mut random).is_ok());
                thread::sleep(Duration::from_micros(random.u64(..15_000)));
            }
            acts
        })
    };

    let mut told: Acked = Vec::new();
    let mut topics = vec!["t".to_owned()];
    let mut number = 0;
    let mut failures = 0;
    for round in 0..rounds() * 2 {
        let created = format!("made-{round}");
        let create = || topic::create_topic(&world, "/index", &created);
        failures += persist(create, |ran| ran.code() == Some(4)).1;
        topics.push(created);
        topics.sort_unstable();
        let produce = || {
            number += 1;
            let feed = Feed {
                lines_max: random.u32(1..500),
                burst_max: 100,
                pause_max: Duration::from_millis(1),
                mark: Arc::new(AtomicU32::new(0)),
            };
            let start = Producer::start(&world, "/index:t", "all", number, feed, random.fork());
            let produced = start.wait();
            told.extend(produced.acked);
            produced.ran
        };
        failures += persist(produce, |_| false).1;
        let (listing, again) = persist(|| list(&world), |_| false);
        assert_eq!(topics_in(&listing), topics, "in round {round}");
        failures += again;
        let read = ["--topic", "/index:t", "--from", "beginning", "--until", "end"];
        let read = || world.run("console-consumer", read.iter().chain(&topic::WITH_PLACES), "");
        let (ran, again) = persist(read, |_| false);
        Seen::in_output(&ran.stdout()).has_all(&told);
        failures += again;
    }
    stop.store(true, Ordering::Relaxed);
    let acts = vandal.join().unwrap();
    assert!(acts > 0, "the index was never touched");
    println!("{acts} acts of vandalism, {failures} commands had to be repeated");

    for newest in indexes(&stream) {
        let mut noise = vec![0; fs::metadata(&newest).unwrap().len() as usize];
        random.fill(&mut noise);
        fs::write(newest, noise).unwrap();
    }
    assert_eq!(topics_in(&list(&world).ok()), topics);
    Seen::all_of(&world, "/index:t").has_all(&told);
    topic::check_store(&world);
}
