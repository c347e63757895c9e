//! A topic deleted and made again under running producers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use crate::rounds;
use crate::topic::{self, Acked, Feed, Producer, Seen};
use crate::world::{World, random};

/// The mark of lines fed before the deletion was complete.
const BEFORE: u32 = 0;
/// The mark of lines fed after it.
const AFTER: u32 = 1;

/// Not one record is acknowledged into a topic that is gone.
///
/// Method: producers are fed without pause while the topic is deleted and made again. Each line
/// says whether it was fed before or after the deletion had been reported. A line fed after it can
/// only have been acknowledged after it, so it must be in the new topic, where it was said to be.
/// (A producer may give up when its topic goes; what it acknowledged counts all the same.)
#[test]
fn nothing_is_acknowledged_into_a_deleted_topic() {
    let world = World::new();
    let mut random = random();
    let mut number = 0;
    let mut acked_after = 0;
    topic::create(&world, "/again", "t");
    for round in 0..rounds() {
        let mark = Arc::new(AtomicU32::new(BEFORE));
        let mut start = |acks: &str| {
            number += 1;
            let feed = Feed {
                lines_max: 200_000,
                burst_max: 50,
                pause_max: Duration::from_micros(500),
                mark: Arc::clone(&mark),
            };
            Producer::start(&world, "/again:t", acks, number, feed, random.fork())
        };
        let mut producers = vec![start("1"), start("all"), start("1")];
        for producer in &producers {
            producer.running().wait_for_lines(1);
        }
        thread::sleep(Duration::from_micros(random.u64(..20_000)));

        topic::delete_topic(&world, "/again", "t").ok();
        mark.store(AFTER, Ordering::SeqCst);
        thread::sleep(Duration::from_micros(random.u64(..3_000)));
        // A producer may have made the topic again itself, where the stream allows it.
        let created = topic::create_topic(&world, "/again", "t");
        assert!(matches!(created.code(), Some(0 | 4)), "{}", created.told());

        let mut random = random.fork();
        number += 1;
        let feed = Feed {
            lines_max: 100,
            burst_max: 50,
            pause_max: Duration::ZERO,
            mark: Arc::clone(&mark),
        };
        producers.push(Producer::start(&world, "/again:t", "all", number, feed, random.fork()));
        thread::sleep(Duration::from_micros(random.u64(..20_000)));

        let mut told: Acked = Vec::new();
        for producer in producers {
            let produced = producer.stop();
            let code = produced.ran.code();
            assert!(matches!(code, Some(0 | 1 | 3)), "round {round}: {}", produced.ran.told());
            told.extend(produced.acked.iter().filter(|(line, _)| line.mark == AFTER));
        }
        acked_after += told.len();
        Seen::all_of(&world, "/again:t").has_all(&told);
        topic::check_store(&world);
    }
    assert!(acked_after > 0, "nothing was acknowledged after a deletion: nothing was tested");
}
