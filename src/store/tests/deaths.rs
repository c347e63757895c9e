//! A process dies at every step of every operation, and the next one carries on.

use super::world::{
    attributes, damage, name, open_simulated, path, produce, simulated, topic_names, values,
};
use crate::catalog::StreamAttributes;
use crate::fs::sim::SimDisk;
use crate::store::{Home, StoreError, TopicEdit, TopicOptions};

pub(super) type Story = fn(&Home) -> Result<(), StoreError>;

/// Runs `before` in one process, then `story` in another that dies at its `n`-th step, for every
/// `n`; after each death, `after` in a third process must find the old state or the new one.
/// With a power cut in between, the same.
pub(super) fn at_every_step(before: Story, story: Story, after: fn(&Home, &str)) {
    for power in [None, Some(1), Some(2), Some(3)] {
        for n in 1.. {
            let disk = SimDisk::new();
            before(&simulated(&disk)).unwrap();
            let dying = disk.process();
            dying.die_after(n);
            let outcome = open_simulated(&dying).and_then(|home| story(&home));
            let finished = !dying.is_dead();
            assert!(!finished || outcome.is_ok(), "{outcome:?}");
            let label = format!("step {n}, power {power:?}, said {outcome:?}");
            let next = match power {
                Some(seed) => disk.power_loss(seed + 31 * n),
                None => disk.process(),
            };
            after(&simulated(&next), &label);
            if finished {
                assert!(n > 5, "the story has only {n} steps");
                break;
            }
        }
    }
}

fn nothing(_: &Home) -> Result<(), StoreError> {
    Ok(())
}

fn with_stream(home: &Home) -> Result<(), StoreError> {
    home.create_stream(&path("/a/s"), &attributes())
}

pub(super) fn with_topic(home: &Home) -> Result<(), StoreError> {
    with_stream(home)?;
    let topic = home.stream(&path("/a/s"))?.topic_or_create(&name("t"))?;
    produce(&topic, 0, "kept").map(drop)
}

/// What every state must allow, whatever happened before.
fn everything_works(home: &Home, label: &str) {
    assert_eq!(damage(home), [], "{label}");
    let stream = match home.stream(&path("/a/s")) {
        Ok(stream) => stream,
        Err(StoreError::StreamNotFound { .. }) => {
            home.create_stream(&path("/a/s"), &attributes()).unwrap();
            home.stream(&path("/a/s")).unwrap()
        }
        Err(error) => panic!("{label}: {error}"),
    };
    let topic = stream.topic_or_create(&name("t")).unwrap_or_else(|e| panic!("{label}: {e}"));
    produce(&topic, 0, "after").unwrap_or_else(|error| panic!("{label}: {error}"));
    assert_eq!(values(&topic, 0).last().map(String::as_str), Some("after"), "{label}");
    let other = stream.create_topic(&name("other"), TopicOptions::default());
    let other = other.unwrap_or_else(|error| panic!("{label}: {error}"));
    produce(&other, 0, "x").unwrap();
    assert_eq!(topic_names(&stream), ["other", "t"], "{label}");
    stream.delete_topic(&name("t")).unwrap_or_else(|error| panic!("{label}: {error}"));
    assert_eq!(topic_names(&stream), ["other"], "{label}");
    assert_eq!(damage(home), [], "{label}");
    home.delete_stream(&path("/a/s")).unwrap_or_else(|error| panic!("{label}: {error}"));
    assert_eq!(home.streams(None).unwrap(), [], "{label}");
    assert_eq!(damage(home), [], "{label}");
}

#[test]
fn while_creating_a_stream() {
    at_every_step(nothing, with_stream, |home, label| {
        let streams = home.streams(None).unwrap();
        assert!(streams.is_empty() || streams == [path("/a/s")], "{label}");
        if label.contains("said Ok") {
            assert_eq!(streams, [path("/a/s")], "{label}");
        }
        everything_works(home, label);
    });
}

#[test]
fn while_creating_a_topic() {
    let create: Story = |home| {
        let stream = home.stream(&path("/a/s"))?;
        stream.create_topic(&name("t"), TopicOptions::default()).map(drop)
    };
    at_every_step(with_stream, create, |home, label| {
        let names = topic_names(&home.stream(&path("/a/s")).unwrap());
        assert!(names.is_empty() || names == ["t"], "{label}");
        if label.contains("said Ok") {
            assert_eq!(names, ["t"], "{label}");
        }
        everything_works(home, label);
    });
}

#[test]
fn while_appending_for_the_first_time() {
    let first: Story = |home| {
        let topic = home.stream(&path("/a/s"))?.topic_or_create(&name("t"))?;
        produce(&topic, 0, "first").map(drop)
    };
    at_every_step(with_stream, first, |home, label| {
        let stream = home.stream(&path("/a/s")).unwrap();
        let found = match stream.topic(&name("t")) {
            Ok(topic) => values(&topic, 0),
            Err(StoreError::TopicNotFound { .. }) => Vec::new(),
            Err(error) => panic!("{label}: {error}"),
        };
        assert!(found.is_empty() || found == ["first"], "{label}: {found:?}");
        if label.contains("said Ok") {
            assert_eq!(found, ["first"], "{label}");
        }
        everything_works(home, label);
    });
}

#[test]
fn while_appending_once_more() {
    let more: Story = |home| {
        let topic = home.stream(&path("/a/s"))?.topic(&name("t"))?;
        produce(&topic, 0, "more").map(drop)
    };
    at_every_step(with_topic, more, |home, label| {
        let topic = home.stream(&path("/a/s")).unwrap().topic(&name("t")).unwrap();
        let found = values(&topic, 0);
        assert!(found == ["kept"] || found == ["kept", "more"], "{label}: {found:?}");
        if label.contains("said Ok") {
            assert_eq!(found, ["kept", "more"], "{label}");
        }
        everything_works(home, label);
    });
}

#[test]
fn while_editing_a_topic() {
    let edit: Story = |home| {
        let edit = TopicEdit { partitions: Some(3), ..TopicEdit::default() };
        let stream = home.stream(&path("/a/s"))?;
        stream.edit_topic(&name("t"), edit)?;
        produce(&stream.topic(&name("t"))?, 2, "new").map(drop)
    };
    at_every_step(with_topic, edit, |home, label| {
        let topic = home.stream(&path("/a/s")).unwrap().topic(&name("t")).unwrap();
        assert!([1, 3].contains(&topic.partitions()), "{label}");
        assert_eq!(values(&topic, 0), ["kept"], "{label}");
        if label.contains("said Ok") {
            assert_eq!(values(&topic, 2), ["new"], "{label}");
        }
        everything_works(home, label);
    });
}

#[test]
fn while_editing_a_stream() {
    let edit: Story = |home| {
        let stream = home.stream(&path("/a/s"))?;
        stream.edit(|attributes| attributes.ttl_s = 7).map(drop)
    };
    at_every_step(with_topic, edit, |home, label| {
        let stream = home.stream(&path("/a/s")).unwrap();
        let after = stream.attributes().unwrap();
        let new = StreamAttributes { ttl_s: 7, ..attributes() };
        assert!(after == new || after == attributes(), "{label}: {after:?}");
        assert!(!label.contains("said Ok") || after == new, "{label}");
        everything_works(home, label);
    });
}

#[test]
fn while_deleting_a_topic() {
    let delete: Story = |home| home.stream(&path("/a/s"))?.delete_topic(&name("t"));
    at_every_step(with_topic, delete, |home, label| {
        let stream = home.stream(&path("/a/s")).unwrap();
        match stream.topic(&name("t")) {
            Ok(topic) => {
                assert!(!label.contains("said Ok"), "{label}");
                assert_eq!(values(&topic, 0), ["kept"], "{label}");
                assert_eq!(produce(&topic, 0, "again").unwrap(), 1, "{label}");
            }
            Err(StoreError::TopicNotFound { .. }) => assert!(topic_names(&stream).is_empty()),
            Err(error) => panic!("{label}: {error}"),
        }
        everything_works(home, label);
    });
}

#[test]
fn while_deleting_and_making_again() {
    let replace: Story = |home| {
        let stream = home.stream(&path("/a/s"))?;
        stream.delete_topic(&name("t"))?;
        produce(&stream.topic_or_create(&name("t"))?, 0, "new").map(drop)
    };
    at_every_step(with_topic, replace, |home, label| {
        let stream = home.stream(&path("/a/s")).unwrap();
        let found = match stream.topic(&name("t")) {
            Ok(topic) => values(&topic, 0),
            Err(StoreError::TopicNotFound { .. }) => Vec::new(),
            Err(error) => panic!("{label}: {error}"),
        };
        // Never the old and the new together.
        assert!(found.is_empty() || found == ["kept"] || found == ["new"], "{label}: {found:?}");
        if label.contains("said Ok") {
            assert_eq!(found, ["new"], "{label}");
        }
        everything_works(home, label);
    });
}

#[test]
fn while_deleting_a_stream() {
    at_every_step(
        with_topic,
        |home| home.delete_stream(&path("/a/s")),
        |home, label| {
            match home.stream(&path("/a/s")) {
                Ok(stream) => {
                    assert!(!label.contains("said Ok"), "{label}");
                    let topic = stream.topic(&name("t")).unwrap();
                    assert_eq!(values(&topic, 0), ["kept"], "{label}");
                    assert_eq!(produce(&topic, 0, "again").unwrap(), 1, "{label}");
                }
                Err(StoreError::StreamNotFound { .. }) => {}
                Err(error) => panic!("{label}: {error}"),
            }
            everything_works(home, label);
        },
    );
}

#[test]
fn while_beginning_an_epoch() {
    // The store as it is after a power cut: the next append begins an epoch.
    for n in 1..40 {
        for seed in 0..4 {
            let disk = SimDisk::new();
            with_topic(&simulated(&disk)).unwrap();
            let disk = disk.power_loss(seed);
            let dying = disk.process();
            dying.die_after(n);
            let label = format!("step {n}, seed {seed}");
            let outcome = open_simulated(&dying).and_then(|home| {
                let topic = home.stream(&path("/a/s"))?.topic(&name("t"))?;
                produce(&topic, 0, "second life").map(drop)
            });
            let home = simulated(&disk.process());
            let topic = home.stream(&path("/a/s")).unwrap().topic(&name("t")).unwrap();
            let found = values(&topic, 0);
            assert_eq!(found[0], "kept", "{label}");
            assert_eq!(found.len(), 1 + usize::from(found.len() > 1), "{label}");
            assert!(outcome.is_err() || found.len() == 2, "{label}");
            produce(&topic, 0, "third life").unwrap();
            let epoch = topic.reader(0).unwrap().end().unwrap().unwrap().epoch;
            assert_eq!(epoch, 2, "{label}");
            everything_works(&home, &label);
        }
    }
}

#[test]
fn while_meta_goes_on_in_a_new_segment() {
    use crate::store::Stream;
    fn small(home: &Home) -> Result<Stream, StoreError> {
        let opened = home.stream(&path("/a/s"))?;
        let shared = opened.shared();
        Stream::open_with(home, &path("/a/s"), shared.parent.clone(), shared.dir.clone(), 4 << 10)
    }
    let before: Story = |home| {
        with_topic(home)?;
        let stream = small(home)?;
        for n in 0..40 {
            let log = stream.shared().catalogue().meta().log().clone();
            if log.end()?.position > 3_400 {
                return Ok(());
            }
            let text = format!("t{n}");
            stream.create_topic(&name(&text), TopicOptions::default())?;
            stream.delete_topic(&name(&text))?;
        }
        panic!("the segment never fills");
    };
    let roll: Story = |home| {
        let stream = small(home)?;
        stream.create_topic(&name("u"), TopicOptions::default())?;
        stream.delete_topic(&name("u"))?;
        let log = stream.shared().catalogue().meta().log().clone();
        assert!(log.segments()?.len() > 1, "the story has no roll");
        Ok(())
    };
    at_every_step(before, roll, |home, label| {
        let stream = home.stream(&path("/a/s")).unwrap();
        let topic = stream.topic(&name("t")).unwrap();
        assert_eq!(values(&topic, 0), ["kept"], "{label}");
        let _ = stream.delete_topic(&name("u"));
        everything_works(home, label);
        // No matter which segment is read, the state is the same: nothing is left of the stream.
    });
}
