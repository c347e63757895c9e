//! What came lately: counted by batches, and where there is much by the steps between points.

use super::world::{NOW, attributes, batch, name, path, real};
use crate::record::Compression;
use crate::store::Topic;

fn counted(topic: &Topic, since: i64) -> Vec<(i64, u64)> {
    let mut all = Vec::new();
    topic.activity(0, since, &mut |timestamp, records| all.push((timestamp, records))).unwrap();
    all.sort_unstable();
    all
}

#[test]
fn batches_count_at_their_largest_time_and_older_ones_not_at_all() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let topic = home.stream(&path("/s")).unwrap().topic_or_create(&name("t")).unwrap();
    assert_eq!(counted(&topic, 0), []);
    let mut writer = topic.writer(0).unwrap();
    for (values, time) in [(&["a", "b"][..], 10), (&["c"][..], 30), (&["d", "e", "f"][..], 20)] {
        writer.append(&mut [batch(values, NOW + time, Compression::Zstd)]).unwrap();
    }
    assert_eq!(counted(&topic, NOW), [(NOW + 10, 2), (NOW + 20, 3), (NOW + 30, 1)]);
    assert_eq!(counted(&topic, NOW + 20), [(NOW + 20, 3), (NOW + 30, 1)]);
    assert_eq!(counted(&topic, NOW + 31), []);
    assert!(topic.activity(1, 0, &mut |_, _| ()).is_err());
}

#[test]
fn steps_between_points_count_as_much_as_batches() {
    let place = tempfile::tempdir().unwrap();
    let home = real(place.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let topic = home.stream(&path("/s")).unwrap().topic_or_create(&name("t")).unwrap();
    let mut writer = topic.writer(0).unwrap();
    let value = "x".repeat(150_000);
    // Two batches a point: 80 MiB.
    let count = 560;
    for number in 0..count {
        let time = NOW + number * 1000;
        writer.append(&mut [batch(&[&value], time, Compression::None)]).unwrap();
    }
    drop(writer);
    for late in [0, 1, 400, 559] {
        let since = NOW + late * 1000;
        let told = counted(&topic, since);
        let records: u64 = told.iter().map(|(_, records)| records).sum();
        let expected = (count - late).unsigned_abs();
        // A step more or less.
        assert!(records.abs_diff(expected) <= 2, "{late}: {records} of {expected}");
        assert!(told.iter().all(|(time, _)| *time >= since && *time < NOW + count * 1000));
    }
    assert!(counted(&topic, NOW).len() < 300, "in steps of points");
    assert_eq!(counted(&topic, NOW + 400_000).len(), 160, "at every batch");
}
