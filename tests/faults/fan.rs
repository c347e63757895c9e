//! Many producers and two consumers on one topic at once.

use std::fmt::Write as _;
use std::fs;
use std::process::Stdio;

use crate::lines::Line;
use crate::rounds;
use crate::topic::{self, Seen, WITH_PLACES};
use crate::world::World;

/// Lines in all for each round asked for: 500 rounds make a million.
const LINES_PER_ROUND: u32 = 2000;

/// Every line reaches each of two consumers that follow, exactly once and in its producer's order.
#[test]
fn every_line_reaches_every_consumer_exactly_once() {
    for producers in [1, 2, 4, 8] {
        fan(producers, rounds() * LINES_PER_ROUND);
    }
}

#[track_caller]
fn fan(producers: u32, lines: u32) {
    let world = World::new();
    topic::create(&world, "/fan", "t");
    let share = lines / producers;
    let total = (share * producers).to_string();
    let follow = ["--topic", "/fan:t", "--from-beginning", "--max-messages", &total];
    let consumers =
        [(); 2].map(|()| world.start("console-consumer", follow.iter().chain(&WITH_PLACES)));

    let mut children = Vec::new();
    for producer in 1..=producers {
        let mut text = String::new();
        for sequence in 0..share {
            writeln!(text, "{}", Line { producer, mark: 0, sequence }).unwrap();
        }
        let input = world.dir().join(format!("{producer}.txt"));
        fs::write(&input, text).unwrap();
        let acks = if producer % 2 == 0 { "1" } else { "all" };
        let args = ["--topic", "/fan:t", "--request-required-acks", acks];
        let mut command = world.command("console-producer", args);
        command.stdin(fs::File::open(input).unwrap()).stdout(Stdio::null());
        children.push(command.spawn().unwrap());
    }
    for mut child in children {
        assert!(child.wait().unwrap().success(), "one of {producers} producers failed");
    }
    for consumer in consumers {
        let seen = Seen::in_output(&consumer.wait().ok().stdout());
        all_there(&seen, producers, share);
    }
    // What came after a consumer had its count: nothing may have.
    all_there(&Seen::all_of(&world, "/fan:t"), producers, share);
    topic::check_store(&world);
}

/// `Seen` has proven that nothing is doubled or out of order; with the right counts all is there.
#[track_caller]
fn all_there(seen: &Seen, producers: u32, share: u32) {
    assert_eq!(seen.count(), (producers * share) as usize, "{producers} producers");
    for producer in 1..=producers {
        assert_eq!(seen.of_producer(producer), share as usize, "producer {producer}");
    }
}
