//! A disk that runs full in the middle of batches.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use crate::rounds;
use crate::topic::{self, Acked, Feed, Producer, Seen};
use crate::world::{World, random, skip};

/// A small file system in memory, taken down again when dropped.
#[derive(Debug)]
struct Mount(PathBuf);

impl Mount {
    /// Mounts it at `at`; `None` if this user may not.
    fn new(at: &Path, bytes: u64) -> Option<Mount> {
        fs::create_dir(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes},mode=0755"), "none"])
            .arg(at)
            .output();
        mounted.is_ok_and(|ran| ran.status.success()).then(|| Mount(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).output());
    }
}

/// Nothing acknowledged is lost on a full disk, and freeing space is all the repair there is.
///
/// Method: a store on a tmpfs of a few MiB, part of it taken by a ballast file; two producers write
/// until they fail. What they acknowledged is there, the log is clean. Then the ballast goes, and
/// the next producer works.
#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let mut random = random();
    for round in 0..(rounds() / 8).max(1) {
        let world = World::with_store_at("small/store");
        let small = world.dir().join("small");
        let Some(_mount) = Mount::new(&small, 7 << 20) else {
            return skip("no mount here: a full disk needs a small file system of its own");
        };
        topic::create(&world, "/full", "t");
        let ballast = small.join("ballast");
        fs::write(&ballast, vec![1; (2 << 20) + random.usize(..1 << 20)]).unwrap();

        let mut number = 0;
        let mut start = |acks: &str, lines_max: u32| {
            number += 1;
            let feed = Feed {
                lines_max,
                burst_max: 1000,
                pause_max: Duration::ZERO,
                mark: Arc::new(AtomicU32::new(0)),
            };
            Producer::start(&world, "/full:t", acks, number, feed, random.fork())
        };
        // Together far more than there is room for.
        let producers = [start("1", 100_000), start("all", 100_000)];
        let mut told: Acked = Vec::new();
        for producer in producers {
            let produced = producer.wait();
            let (code, message) = (produced.ran.code(), produced.ran.stderr());
            assert_eq!(code, Some(1), "round {round}: {}", produced.ran.told());
            assert!(message.to_lowercase().contains("space"), "{}", produced.ran.told());
            told.extend(produced.acked);
        }
        assert!(!told.is_empty(), "nothing was acknowledged before the disk was full");
        Seen::all_of(&world, "/full:t").has_all(&told);
        topic::check_store(&world);

        fs::remove_file(ballast).unwrap();
        told.extend(start("all", 1000).wait().all_stored().acked);
        Seen::all_of(&world, "/full:t").has_all(&told);
        topic::check_store(&world);
    }
}

/// What the program says is stored on a full disk is what is stored.
#[test]
fn a_full_disk_is_told_with_its_count() {
    for acks in ["1", "all"] {
        let world = World::with_store_at("small/store");
        let small = world.dir().join("small");
        let Some(_mount) = Mount::new(&small, 4 << 20) else {
            return skip("no mount here: a full disk needs a small file system of its own");
        };
        topic::create(&world, "/full", "t");
        let input: String = (0..1_000_000).map(|number| format!("{number:08}\n")).collect();
        let args = ["--topic", "/full:t", "--request-required-acks", acks];
        let told = world.run("console-producer", args, input).fails(1).stderr();
        let (_, rest) = told.split_once("console-producer: stored ").unwrap();
        let stored = rest.split(' ').next().unwrap();
        assert!(rest.contains("not stored"), "{told}");
        let args = ["--topic", "/full:t", "--from", "beginning", "--until", "end"];
        let ran = world.run("console-consumer", args, "").ends(0);
        assert_eq!(ran.stdout().lines().count().to_string(), stored, "{told}");
        topic::check_store(&world);
    }
}
