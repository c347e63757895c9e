//! Cursors that are set by hand: their epochs, times inside batches, and several at once.

use std::fs;

use super::world::{NOW, append, attributes, batch, name, path, real};
use crate::path::TopicName;
use crate::record::Compression;
use crate::store::{CursorChoice, CursorGoal, SetCursors, Stream};

fn choice(topic: Option<TopicName>) -> CursorChoice {
    CursorChoice { group: "g".to_owned(), topic, partition: None }
}

/// Sets the cursor of the only partition and returns its offset and epoch.
fn set(stream: &Stream, goal: CursorGoal) -> (i64, i32) {
    let moves = stream.set_cursors(&choice(Some(name("t"))), goal, SetCursors::Set).unwrap();
    let found = stream.cursors().unwrap().fetch("g");
    assert_eq!((moves.len(), found.len()), (1, 1));
    assert_eq!(moves[0].offset, found[0].1.offset);
    (found[0].1.offset, found[0].1.epoch)
}

#[test]
fn a_cursor_gets_the_epoch_of_the_batch_before_it() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let topic = stream.topic_or_create(&name("t")).unwrap();
    append(&topic, 0, "a").unwrap();
    append(&topic, 0, "b").unwrap();
    // A copied stream has another gate, and with it another epoch.
    let gate = place.path().join("s/gate.lock");
    fs::rename(&gate, place.path().join("s/gate.old")).unwrap();
    fs::copy(place.path().join("s/gate.old"), &gate).unwrap();
    let stream = real(place.path()).stream(&path("/s")).unwrap();
    let topic = stream.topic(&name("t")).unwrap();
    append(&topic, 0, "c").unwrap();
    for (goal, expected) in [
        (CursorGoal::Beginning, (0, -1)),
        (CursorGoal::Offset(1), (1, 1)),
        (CursorGoal::Offset(2), (2, 1)),
        (CursorGoal::End, (3, 2)),
        (CursorGoal::By(-1), (2, 1)),
        (CursorGoal::BeforeEnd(7), (0, -1)),
    ] {
        assert_eq!(set(&stream, goal), expected, "{goal:?}");
    }
    // One that stands where it is to go, but with an epoch that is not the log's, is set.
    let id = crate::catalog::CursorId {
        group: "g".to_owned(),
        topic_id: topic.object().id,
        partition: 0,
    };
    let topic_name = topic.name().clone();
    let wrong = crate::store::Commit {
        id,
        topic: topic_name,
        offset: 3,
        epoch: 7,
        metadata: String::new(),
    };
    stream.cursors().unwrap().set(&[wrong]).unwrap();
    assert_eq!(set(&stream, CursorGoal::By(0)), (3, 2));
    let moves = stream.set_cursors(&choice(None), CursorGoal::By(0), SetCursors::Plan).unwrap();
    assert!(!moves[0].changes, "{moves:?}");
}

#[test]
fn a_time_is_found_inside_a_batch() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let topic = stream.topic_or_create(&name("t")).unwrap();
    let mut encoder = crate::record::BatchEncoder::new(Vec::new());
    for timestamp in [NOW, NOW + 5, NOW + 3, NOW + 9] {
        let value = Some(&b"x"[..]);
        let record = crate::record::NewRecord { timestamp, key: None, value, headers: &[] };
        encoder.push(&record);
    }
    let mut batches =
        [encoder.finish(Compression::Lz4), batch(&["y"], NOW + 20, Compression::None)];
    topic.writer(0).unwrap().append(&mut batches).unwrap();
    for (time, offset) in [(0, 0), (1, 1), (4, 1), (6, 3), (9, 3), (10, 4), (20, 4), (21, 5)] {
        assert_eq!(set(&stream, CursorGoal::Time(NOW + time)).0, offset, "{time}");
    }
}

#[test]
fn two_that_move_a_cursor_at_once_both_move_it() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let topic = stream.topic_or_create(&name("t")).unwrap();
    for _ in 0..60 {
        append(&topic, 0, "x").unwrap();
    }
    set(&stream, CursorGoal::Beginning);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let stream = real(place.path()).stream(&path("/s")).unwrap();
                for _ in 0..20 {
                    let goal = CursorGoal::By(1);
                    stream.set_cursors(&choice(None), goal, SetCursors::Set).unwrap();
                }
            });
        }
    });
    assert_eq!(set(&stream, CursorGoal::By(0)).0, 40);
}
