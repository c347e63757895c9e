//! Locks that another process holds: waited for as long as is allowed, and no longer.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::world::{append, attributes, context, name, path};
use crate::catalog::CursorId;
use crate::fs::RealDisk;
use crate::store::{Commit, CommitSync, Context, Home, StoreError, Topic};

/// Another process that holds a file's lock until it is killed.
struct Holder(Child);

impl Holder {
    fn of(file: &Path) -> Self {
        let mut command = Command::new("flock");
        command.arg("--no-fork").arg(file).args(["sh", "-c", "echo locked; exec sleep 600"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "locked\n");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn home(dir: &Path, lock_wait: Duration) -> Home {
    Home::open(Arc::new(RealDisk), dir, Context { lock_wait, ..context() }).unwrap()
}

fn commit(topic: &Topic, offset: i64) -> Commit {
    Commit {
        id: CursorId { group: "g".to_owned(), topic_id: topic.object().id, partition: 0 },
        topic: topic.name().clone(),
        offset,
        epoch: 1,
        metadata: String::new(),
    }
}

#[test]
fn a_commit_gives_up_waiting_and_names_the_holder() {
    let dir = tempfile::tempdir().unwrap();
    let wait = Duration::from_millis(80);
    let home = home(dir.path(), wait);
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let topic = stream.topic_or_create(&name("t")).unwrap();
    append(&topic, 0, "x").unwrap();
    let mut cursors = stream.cursors().unwrap();
    cursors.commit(&[commit(&topic, 1)], CommitSync::Now).unwrap();

    let lock = dir.path().join("s/cursors/0").join(OsStr::new("append.lock"));
    let holder = Holder::of(&lock);
    let pid = holder.0.id();
    let refused = |error: StoreError| match error {
        StoreError::Busy { path, pid: found, waited } => {
            assert_eq!((path, found, waited), (lock.clone(), Some(pid), wait));
        }
        error => panic!("{error}"),
    };
    // Each handle waits by itself, and so do several turns at one handle.
    refused(cursors.commit(&[commit(&topic, 2)], CommitSync::Now).unwrap_err());
    refused(cursors.commit(&[commit(&topic, 3)], CommitSync::Soon).unwrap_err());
    refused(cursors.set(&[commit(&topic, 4)]).unwrap_err());
    refused(home.delete_stream(&path("/s")).unwrap_err());
    drop(holder);

    // Whoever gave up takes nothing from whoever comes later.
    for offset in 5..20 {
        cursors.commit(&[commit(&topic, offset)], CommitSync::Now).unwrap();
    }
    let other = stream.cursors().unwrap();
    let offsets: Vec<i64> = other.fetch("g").iter().map(|(_, cursor)| cursor.offset).collect();
    assert_eq!(offsets, [19]);
    home.delete_stream(&path("/s")).unwrap();
}

#[test]
fn who_is_patient_gets_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    let home = home(dir.path(), Duration::from_secs(100));
    home.create_stream(&path("/s"), &attributes()).unwrap();
    let stream = home.stream(&path("/s")).unwrap();
    let topic = stream.topic_or_create(&name("t")).unwrap();
    let mut cursors = stream.cursors().unwrap();
    let holder = Holder::of(&dir.path().join("s/cursors/0/append.lock"));
    let later = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        drop(holder);
    });
    cursors.commit(&[commit(&topic, 0)], CommitSync::Now).unwrap();
    later.join().unwrap();
    assert_eq!(cursors.fetch("g").len() + stream.cursors().unwrap().fetch("g").len(), 1);
}
