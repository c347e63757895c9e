//! Names for completion: right, quick, and read without touching anything.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::world::{attributes, name, path, real};
use crate::catalog::{Change, ObjectId, TopicObject};
use crate::path::Target;
use crate::store::layout::topic_dir_name;
use crate::store::session::Session;
use crate::store::{CursorChoice, CursorGoal, Home, SetCursors, Stream, TopicOptions};

fn entries(home: &Home, under: &str, prefix: &str) -> Vec<String> {
    let under = (under != "/").then(|| path(under));
    let found = home.entries(under.as_ref(), prefix).unwrap();
    found.into_iter().map(|e| format!("{}{}", e.name, if e.is_stream { "" } else { "/" })).collect()
}

fn partitions(home: &Home, target: &str) -> Option<u32> {
    home.partition_count(&Target::parse(target).unwrap()).unwrap()
}

/// Every file below a directory with its bytes.
fn files(dir: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

#[test]
fn names_are_told_and_nothing_is_touched() {
    let root = tempfile::tempdir().unwrap();
    let home = real(&root.path().join("store"));
    assert_eq!(entries(&home, "/", ""), [""; 0], "a store that is not there");
    assert!(!home.path().exists());
    for stream in ["/sample", "/apps/gps", "/apps/taxi/rides"] {
        home.create_stream(&path(stream), &attributes()).unwrap();
    }
    let long = "l".repeat(249);
    for (stream, topic, partitions) in
        [("/sample", "fast", 3), ("/sample", "slow", 1), ("/apps/gps", long.as_str(), 2)]
    {
        let options = TopicOptions { partitions: Some(partitions), ..TopicOptions::default() };
        home.stream(&path(stream)).unwrap().create_topic(&name(topic), options).unwrap();
    }
    let sample = home.stream(&path("/sample")).unwrap();
    for (group, topic) in [("g", "fast"), ("a group", "fast"), ("g", "slow"), ("gone", "slow")] {
        set_cursor(&sample, group, topic);
    }
    sample.delete_topic(&name("slow")).unwrap();
    // Without an index and with the gate taken names are told all the same, and at once.
    let index = home.path().join("sample/index.1.db");
    fs::write(&index, "no database").unwrap();
    let gate = fs::File::open(home.path().join("sample/gate.lock")).unwrap();
    gate.lock().unwrap();
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    files(home.path(), &mut before);

    assert_eq!(entries(&home, "/", ""), ["apps/", "sample"]);
    assert_eq!(entries(&home, "/", "sa"), ["sample"]);
    assert_eq!(entries(&home, "/apps", ""), ["gps", "taxi/"]);
    assert_eq!(entries(&home, "/sample", ""), [""; 0]);
    assert_eq!(entries(&home, "/no/such", ""), [""; 0]);
    assert_eq!(home.topic_names(&path("/sample")).unwrap(), ["fast"]);
    assert_eq!(home.topic_names(&path("/apps/gps")).unwrap(), [long.as_str()]);
    assert_eq!(home.topic_names(&path("/apps")).unwrap(), [""; 0]);
    assert_eq!(home.group_names(&path("/sample")).unwrap(), ["a group", "g"]);
    assert_eq!(home.group_names(&path("/apps")).unwrap(), [""; 0]);
    assert_eq!(partitions(&home, "/sample:fast"), Some(3));
    assert_eq!(partitions(&home, "/sample:slow"), None);
    assert_eq!(partitions(&home, "/apps:slow"), None);
    assert_eq!(partitions(&home, &format!("/apps/gps:{long}")), Some(2));

    files(home.path(), &mut after);
    assert!(before == after, "something was made or changed");
}

fn set_cursor(stream: &Stream, group: &str, topic: &str) {
    let choice =
        CursorChoice { group: group.to_owned(), topic: Some(name(topic)), partition: None };
    stream.set_cursors(&choice, CursorGoal::End, SetCursors::Set).unwrap();
}

#[test]
fn what_the_caller_may_not_see_is_not_told() {
    let root = tempfile::tempdir().unwrap();
    let home = real(root.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    stream.topic_or_create(&name("t")).unwrap();
    set_cursor(&stream, "g", "t");
    let told = || {
        let topics = home.topic_names(&path("/s")).unwrap();
        let groups = home.group_names(&path("/s")).unwrap();
        (topics.len(), groups.len(), partitions(&home, "/s:t").is_some())
    };
    assert_eq!(told(), (1, 1, true));
    let nobody = String::new;
    stream
        .edit(|attributes| {
            attributes.produce_perm = nobody();
            attributes.consume_perm = nobody();
            attributes.topic_perm = nobody();
        })
        .unwrap();
    assert_eq!(told(), (1, 1, true), "an administrator sees");
    stream.edit(|attributes| attributes.admin_perm = nobody()).unwrap();
    assert_eq!(told(), (0, 0, false));
}

/// The log of ten thousand topics is not understood whole to find out who may see groups.
#[test]
fn groups_beside_ten_thousand_topics_are_told_quickly() {
    let root = tempfile::tempdir().unwrap();
    let home = real(root.path());
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let topic = stream.topic_or_create(&name("t")).unwrap();
    set_cursor(&stream, "g", "t");
    let shared = stream.shared();
    let mut session = Session::enter(shared, Duration::from_secs(10)).unwrap();
    let (epoch, meta) = (session.epoch().unwrap(), session.catalogue.meta().clone());
    for number in 0..10_000 {
        let id = ObjectId::random();
        let name = name(&format!("topic-{number}"));
        let made = TopicObject { id, name, ..topic.object().clone() };
        fs::create_dir(root.path().join("s/topics").join(topic_dir_name(&made))).unwrap();
        let change = Change::Topic { before: None, after: Some(made) };
        let record = session.operation(ObjectId::random(), change);
        meta.append(&mut session.appender, &[record], epoch, 0).unwrap();
    }
    drop(session);
    let best = |run: &dyn Fn()| {
        let once = |_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        };
        (0..7).map(once).min().unwrap()
    };
    let groups = best(&|| assert_eq!(home.group_names(&path("/s")).unwrap(), ["g"]));
    let all = best(&|| assert!(meta.read_all().unwrap().records.len() > 10_000));
    println!("groups {groups:?}, the whole log {all:?}");
    assert!(groups < 2 * all, "{groups:?}; the whole log: {all:?}");
}

/// Ten thousand topics: a person who presses a key must not wait.
#[test]
fn names_of_ten_thousand_topics_are_told_quickly() {
    let root = tempfile::tempdir().unwrap();
    let home = real(&root.path().join("store"));
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let topics = home.path().join("s/topics");
    for number in 0..10_000 {
        fs::create_dir(topics.join(format!("topic-{number}~{number:08x}"))).unwrap();
    }
    let best = (0..5)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(home.topic_names(&path("/s")).unwrap().len(), 10_000);
            begun.elapsed()
        })
        .min();
    // Wide enough for a loaded machine and a debug build.
    assert!(best < Some(Duration::from_millis(100)), "{best:?}");
}
