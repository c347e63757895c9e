//! A sync that failed, and what makes the stream usable again.

use super::world::{append, attributes, damage, name, path, produce, simulated, values};
use crate::fs::sim::{SimDisk, Weather};
use crate::log::LogError;
use crate::store::{StoreError, TopicOptions};

#[test]
fn a_partition_takes_appends_again_after_the_repair_and_no_old_epoch_gets_in() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    stream.create_topic(&name("t"), TopicOptions::default()).unwrap();
    let topic = stream.topic(&name("t")).unwrap();
    produce(&topic, 0, "durable").unwrap();
    let lost = append(&topic, 0, "lost").unwrap();
    disk.fail_next_sync("/0/00000000000000000000.log");
    assert!(matches!(lost.sync.sync(), Err(LogError::SyncFailed { .. })));
    let refused = produce(&topic, 0, "refused").unwrap_err();
    assert!(matches!(refused, StoreError::Log(LogError::SyncFailed { .. })), "{refused:?}");
    assert_eq!(damage(&home).len(), 1);

    let mut told = Vec::new();
    simulated(&disk.process()).repair(None, &mut |repair| told.push(repair)).unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].next_offset, 1);
    assert!(told[0].kept_in.is_some());
    // The producer that was there before goes on, in the new epoch.
    assert_eq!(produce(&topic, 0, "after").unwrap(), 1);
    assert_eq!(values(&topic, 0), ["durable", "after"]);
    assert_eq!(damage(&home), []);
    simulated(&disk).repair(None, &mut |repair| panic!("{repair:?}")).unwrap();

    let cut = disk.power_loss_in(&Weather::NOTHING_KEPT, 1);
    let topic = simulated(&cut).stream(&path("/s")).unwrap().topic(&name("t")).unwrap();
    produce(&topic, 0, "later").unwrap();
    assert_eq!(values(&topic, 0), ["durable", "after", "later"]);
}

#[test]
fn a_catalogue_takes_changes_again_after_the_repair() {
    let disk = SimDisk::new();
    let home = simulated(&disk);
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    stream.create_topic(&name("kept"), TopicOptions::default()).unwrap();
    disk.fail_next_sync("/meta/0/");
    stream.create_topic(&name("lost"), TopicOptions::default()).unwrap_err();
    let error = stream.create_topic(&name("refused"), TopicOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    let mut repaired = 0;
    home.repair(Some(&path("/s")), &mut |_| repaired += 1).unwrap();
    assert_eq!(repaired, 1);
    let stream = simulated(&disk.process()).stream(&path("/s")).unwrap();
    stream.create_topic(&name("after"), TopicOptions::default()).unwrap();
    assert_eq!(super::world::topic_names(&stream), ["after", "kept"]);
    assert_eq!(damage(&home), []);
}
