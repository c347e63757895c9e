//! Editing streams and topics: only what is named changes, and it is recorded with its past.

use super::world::{attributes, findings, name, path, produce, real, simulated, values};
use crate::catalog::{Change, MetaRecord, Operation, StreamAttributes};
use crate::fs::sim::SimDisk;
use crate::log::{BatchRun, Step};
use crate::record::{Scratch, TimestampType};
use crate::store::{Home, StoreError, StoreErrorKind, Stream, TopicEdit, TopicOptions};

fn on_both(story: impl Fn(&Home)) {
    let place = tempfile::tempdir().unwrap();
    story(&real(&place.path().join("store")));
    story(&simulated(&SimDisk::new()));
}

/// All changes that `meta` holds, oldest first.
fn changes(stream: &Stream) -> Vec<Change> {
    let mut reader = stream.shared().catalogue().meta().log().reader();
    let mut run = BatchRun::default();
    let mut scratch = Scratch::new();
    let mut changes = Vec::new();
    while let Step::Batches = reader.read(&mut run, 1 << 20).unwrap() {
        for batch in run.batches() {
            for record in batch.records(&mut scratch).unwrap() {
                let json = record.unwrap().value.unwrap();
                if let MetaRecord::Operation(Operation { change, .. }) =
                    MetaRecord::from_json(json).unwrap()
                {
                    changes.push(change);
                }
            }
        }
    }
    changes
}

#[test]
fn an_edit_of_a_stream_is_recorded_with_before_and_after_and_seen_by_others() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let (stream, other) =
            (home.stream(&path("/s")).unwrap(), home.stream(&path("/s")).unwrap());
        let edited = stream.edit(|attributes| attributes.ttl_s = 60).unwrap();
        let new = StreamAttributes { ttl_s: 60, ..attributes() };
        assert_eq!((&edited.before, &edited.after), (&attributes(), &new));
        assert_eq!(other.attributes().unwrap(), new);
        let recorded = changes(&stream);
        let last = Change::Stream {
            before: Some(Box::new(attributes())),
            after: Some(Box::new(new.clone())),
        };
        assert_eq!(recorded.last(), Some(&last));
        // What changes nothing is not recorded.
        stream.edit(|attributes| attributes.ttl_s = 60).unwrap();
        assert_eq!(changes(&stream).len(), recorded.len());
        let error = stream.edit(|attributes| attributes.default_partitions = 4097).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Usage);
        assert_eq!(stream.attributes().unwrap(), new);
        assert_eq!(findings(home), []);
    });
}

#[test]
fn a_topic_grows_and_never_shrinks() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let topic = stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
        produce(&topic, 0, "old").unwrap();
        let grow = |partitions| {
            let edit = TopicEdit { partitions: Some(partitions), ..TopicEdit::default() };
            stream.edit_topic(&name("t"), edit)
        };
        let edited = grow(4096).unwrap();
        assert_eq!((edited.before.partitions, edited.after.partitions), (1, 4096));
        assert_eq!(edited.before.id, edited.after.id);
        let grown = topic.refreshed().unwrap();
        produce(&grown, 4095, "new").unwrap();
        assert_eq!(
            (values(&grown, 0), values(&grown, 4095)),
            (vec!["old".into()], vec!["new".into()])
        );
        let recorded = changes(&stream);
        assert_eq!(
            recorded.last(),
            Some(&Change::Topic { before: Some(edited.before), after: Some(edited.after) })
        );
        grow(4096).unwrap();
        assert_eq!(changes(&stream).len(), recorded.len());
        let error = grow(4095).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Usage);
        assert_eq!(
            error.to_string(),
            "topic `t` has 4096 partitions and cannot have 4095: partitions are added, never taken \
             away"
        );
        assert!(matches!(grow(4097), Err(StoreError::Name(_))));
        assert!(matches!(
            stream.edit_topic(&name("u"), TopicEdit::default()),
            Err(StoreError::TopicNotFound { .. })
        ));
        assert_eq!(findings(home), []);
    });
}

#[test]
fn the_clock_of_a_topic_can_be_changed() {
    on_both(|home| {
        home.create_stream(&path("/s"), &attributes()).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        let topic = stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
        let clock = Some(TimestampType::LogAppendTime);
        let edit = TopicEdit { timestamp_type: clock, ..TopicEdit::default() };
        stream.edit_topic(&name("t"), edit).unwrap();
        let topic = topic.refreshed().unwrap();
        assert_eq!(topic.writer(0).unwrap().timestamp_type(), TimestampType::LogAppendTime);
        assert_eq!(topic.partitions(), 1);
    });
}

#[test]
fn in_a_change_log_the_number_of_partitions_is_fixed() {
    on_both(|home| {
        let log = StreamAttributes { is_changelog: true, ..attributes() };
        home.create_stream(&path("/s"), &log).unwrap();
        let stream = home.stream(&path("/s")).unwrap();
        stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
        let edit = |partitions| {
            let edit = TopicEdit { partitions: Some(partitions), ..TopicEdit::default() };
            stream.edit_topic(&name("t"), edit)
        };
        edit(1).unwrap();
        assert!(matches!(edit(2), Err(StoreError::PartitionsFixed { .. })));
    });
}
