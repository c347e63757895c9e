//! Producers killed at random instants while others go on.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::thread;
use std::time::Duration;

use crate::rounds;
use crate::topic::{self, Acked, Feed, Producer, Seen};
use crate::world::{World, random};

/// After so many rounds the topic is deleted and made again, so that reading all of it stays short.
const ROUNDS_PER_TOPIC: u32 = 10;

fn feed() -> Feed {
    Feed {
        lines_max: 6000,
        burst_max: 400,
        pause_max: Duration::from_millis(1),
        mark: Arc::new(AtomicU32::new(0)),
    }
}

/// A killed producer loses nothing that it reported, and costs the others and its successor
/// nothing.
///
/// Method: three producers; one is killed as it starts, or up to 20 ms after its first ack. Then
/// the topic is read whole: every acknowledged line is where it was said to be, the survivors'
/// lines are all there, none is torn, doubled or out of order; `store check` finds no fault; and
/// the next producer simply works.
#[test]
fn killed_producers_lose_nothing_and_tear_nothing() {
    let world = World::new();
    let mut random = random();
    let mut number = 0;
    let mut told: Acked = Vec::new();
    let mut killed_early = 0;
    topic::create(&world, "/kills", "t");
    for round in 0..rounds() {
        if round > 0 && round % ROUNDS_PER_TOPIC == 0 {
            topic::delete_topic(&world, "/kills", "t").ok();
            topic::create_topic(&world, "/kills", "t").ok();
            told.clear();
        }
        let mut start = |acks: &str| {
            number += 1;
            Producer::start(&world, "/kills:t", acks, number, feed(), random.fork())
        };
        let others = [start("1"), start("all")];
        let victim = start(if round % 2 == 0 { "1" } else { "all" });
        if random.u8(..4) == 0 {
            thread::sleep(Duration::from_micros(random.u64(..10_000)));
        } else {
            victim.running().wait_for_lines(1);
            thread::sleep(Duration::from_micros(random.u64(..20_000)));
        }
        let victim = victim.kill();
        if victim.ran.code().is_none() && victim.acked.len() < victim.fed as usize {
            killed_early += 1;
        }
        told.extend(victim.acked);
        let others = others.map(|other| other.stop().all_stored());
        number += 1;
        let next = Feed { lines_max: 1, ..feed() };
        let next = Producer::start(&world, "/kills:t", "all", number, next, random.fork());
        let next = next.wait().all_stored();

        let seen = Seen::all_of(&world, "/kills:t");
        for producer in others.into_iter().chain([next]) {
            assert_eq!(seen.of_producer(producer.number), producer.fed as usize);
            told.extend(producer.acked);
        }
        seen.has_all(&told);
        topic::check_store(&world);
    }
    // A harness that always comes too late would prove nothing.
    assert!(killed_early > 0, "not one producer was killed with lines left to write");
}
