//! What is told of a group whose members come, go, stop and die: `kafka-consumer-groups` with Kafka's
//! words (more rows of the kind of section 20) and `streamctl group describe`.

use rustix::process::Signal;
use serde_json::Value;

use crate::pty::Terminal;
use crate::world::{Running, World, eventually};

fn world(partitions: u32) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    let partitions = partitions.to_string();
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", &partitions], "").ok());
    world
}

fn member(world: &World, line: &str) -> Running {
    let line = format!("--topic /s:t --group g {line}");
    world.start("console-consumer", line.split_whitespace())
}

/// What is printed of group `g`, split at blanks, and what is told on the side.
fn kafka(world: &World, line: &str) -> (Vec<Vec<String>>, String) {
    let line = format!("--describe --group /s:g {line}");
    let ran = world.run("kafka-consumer-groups", line.split_whitespace(), "").ends(0);
    let stdout = ran.stdout();
    let lines = stdout.lines().filter(|line| !line.is_empty());
    let rows = lines.map(|line| line.split_whitespace().map(str::to_owned).collect());
    (rows.collect(), ran.stderr())
}

/// Its state, epoch, target assignment epoch and number of members.
fn state(world: &World) -> (String, i64, i64, usize) {
    let (rows, _) = kafka(world, "--state --verbose");
    let [.., state, epoch, target, members] = rows[1].as_slice() else { panic!("{rows:?}") };
    let number = |text: &String| text.parse().unwrap();
    (state.clone(), number(epoch), number(target), members.parse().unwrap())
}

#[track_caller]
fn wait_for(world: &World, wanted: &str, members: usize) {
    eventually("the group is in this state", || {
        let line = "--list --group /s --state";
        let ran = world.run("kafka-consumer-groups", line.split_whitespace(), "").ends(0);
        let is_there = ran.stdout().contains("/s:g ");
        is_there && {
            let (state, _, _, count) = state(world);
            state == wanted && count == members
        }
    });
}

/// The rows of `streamctl group describe`.
fn described(world: &World) -> Vec<Value> {
    let words = "group describe /s -consumergroup g -format jsonl";
    let text = world.run("streamctl", words.split_whitespace(), "").ok().stdout();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// 20.9 and its neighbours: offsets only of partitions that are read, all members among the members.
#[test]
fn members_without_partitions_are_members_but_read_nothing() {
    let world = world(1);
    let members = [member(&world, ""), member(&world, "")];
    wait_for(&world, "Stable", 2);
    let (offsets, told) = kafka(&world, "");
    assert_eq!((offsets.len(), told.as_str()), (2, ""), "20.9: {offsets:?}");
    assert_eq!(offsets[1][..3].join(" "), "/s:g /s:t 0");
    assert_ne!(offsets[1][6], "-", "20.9");
    let (found, _) = kafka(&world, "--members");
    assert_eq!(found.len(), 3, "20.9: {found:?}");
    assert_eq!(found[1].last().unwrap(), "1");
    assert_eq!(found[2].last().unwrap(), "0");
    let (found, _) = kafka(&world, "--members --verbose");
    let epoch = state(&world).1;
    assert_eq!(found[1][4..].join(" "), format!("1 {epoch} /s:t:0 {epoch} /s:t:0"));
    assert_eq!(found[2][4..].join(" "), format!("0 {epoch} - {epoch} -"));
    let rows = described(&world);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0]["consumerid"], rows[0]["targetconsumerid"]);
    assert_eq!((&rows[0]["state"], &rows[0]["assignor"]), (&"Stable".into(), &"range".into()));
    assert_eq!((&rows[0]["epoch"], &rows[0]["note"]), (&epoch.into(), &Value::Null));
    assert_eq!((&rows[1]["note"], &rows[1]["topic"]), (&"idle".into(), &Value::Null));
    drop(members.map(Running::kill));
}

/// A member that is stopped cannot let go of anything, and one that is stopped notices no death.
#[test]
fn a_group_on_its_way_is_reconciling_and_one_with_a_dead_member_assigning() {
    let world = world(4);
    // Long enough for nobody to be overdue.
    let line = "--consumer-property session.timeout.ms=600000";
    let first = member(&world, line);
    wait_for(&world, "Stable", 1);
    let before = state(&world).1;
    first.signal(Signal::STOP);
    let second = member(&world, line);
    wait_for(&world, "Reconciling", 2);
    let (_, epoch, target, _) = state(&world);
    assert_eq!((epoch, target), (before + 1, before + 1));
    for line in ["", "--members", "--state"] {
        let (rows, told) = kafka(&world, line);
        assert_eq!(told, "\nWarning: Consumer group '/s:g' is rebalancing.\n");
        assert!(rows.len() > 1, "and yet it is described");
    }
    let (found, _) = kafka(&world, "--members --verbose");
    let text = |row: &[String]| row[4..].join(" ");
    let (all, target) = (text(&found[1]), text(&found[2]));
    assert!(all.starts_with(&format!("4 {before} /s:t:0,1,2,3 {epoch} /s:t:")), "{all}");
    assert!(target.starts_with(&format!("0 0 - {epoch} /s:t:")), "{target}");
    let line = "--list --group /s --state reconciling";
    let listed = world.run("kafka-consumer-groups", line.split_whitespace(), "").ends(0);
    assert!(listed.stdout().contains("/s:g"), "{}", listed.told());
    let line = "--reset-offsets --group /s:g --topic /s:t --to-earliest --execute";
    let refused = world.run("kafka-consumer-groups", line.split_whitespace(), "").ends(8);
    assert!(refused.stderr().contains("the current state is Reconciling."), "{}", refused.told());
    let rows = described(&world);
    let moving: Vec<&Value> =
        rows.iter().filter(|row| row["targetconsumerid"] != row["consumerid"]).collect();
    let to_second = format!("goes to {}", second.pid());
    assert_eq!(moving.iter().filter(|row| row["note"] == to_second.as_str()).count(), 2);
    assert!(rows.iter().any(|row| row["note"] == "joining"), "{rows:?}");
    assert!(rows.iter().all(|row| row["state"] == "Reconciling"), "{rows:?}");

    drop(second.kill());
    wait_for(&world, "Assigning", 1);
    let (found, told) = kafka(&world, "--members");
    assert_eq!(found.len(), 2, "a dead one is not shown: {found:?}");
    assert_eq!(told, "\nWarning: Consumer group '/s:g' is rebalancing.\n");
    first.signal(Signal::CONT);
    wait_for(&world, "Stable", 1);
    assert_eq!(kafka(&world, "").1, "");
    let printed = described(&world);
    assert!(printed.iter().all(|row| row["pid"] == u64::from(first.pid())), "{printed:?}");
    drop(first.kill());
}

/// What killed members leave in the records is no member, and the group is empty.
#[test]
fn a_group_of_dead_members_is_empty() {
    let world = world(2);
    drop(world.run("console-producer", ["--topic", "/s:t", "--partition", "0"], "1\n").ok());
    let line = "--from-beginning --commit-each --consumer-property \
                partition.assignment.strategy=org.apache.kafka.clients.consumer.RoundRobinAssignor";
    let members = [member(&world, line), member(&world, line)];
    wait_for(&world, "Stable", 2);
    eventually("the record is committed", || {
        described(&world).iter().any(|row| row["currentoffset"] == 1)
    });
    let (_, epoch, _, _) = state(&world);
    let (rows, _) = kafka(&world, "--state");
    assert_eq!(rows[1][3..].join(" "), "roundrobin Stable 2");
    drop(members.map(Running::kill));
    let (state, after, target, count) = state(&world);
    assert_eq!((state.as_str(), count), ("Empty", 0));
    assert!(after >= epoch && target == after, "{after} {target}");
    let (rows, told) = kafka(&world, "");
    assert_eq!(told, "\nConsumer group '/s:g' has no active members.\n");
    assert_eq!(rows[1][3..].join(" "), "1 1 0 - - -");
    assert_eq!(kafka(&world, "--members").0, Vec::<Vec<String>>::new());
    let words = "stream assign list -path /s -format jsonl";
    assert_eq!(world.run("streamctl", words.split_whitespace(), "").ok().stdout(), "");
}

/// A group that never had a member has no epoch, and the assignor of all.
#[test]
fn a_group_of_cursors_alone_has_no_epoch() {
    let world = world(1);
    let words = "cursor set /s -consumergroup g -topic t -to 0";
    drop(world.run("streamctl", words.split_whitespace(), "").ok());
    let (rows, _) = kafka(&world, "--state --verbose");
    assert_eq!(rows[1].join(" "), "/s:g localhost:0 (0) - Empty - - 0");
    let rows = described(&world);
    assert_eq!((&rows[0]["epoch"], &rows[0]["assignor"]), (&Value::Null, &"range".into()));
}

/// A member that is stopped and has nobody to take over from it stays a member, and that is noted.
#[test]
fn a_member_that_is_stopped_for_too_long_is_noted_as_silent() {
    let world = world(1);
    let times = "--consumer-property session.timeout.ms=300 --consumer-property \
                 heartbeat.interval.ms=20";
    let only = member(&world, times);
    wait_for(&world, "Stable", 1);
    only.signal(Signal::STOP);
    eventually("it is noted", || described(&world)[0]["note"] == "silent");
    assert_eq!(state(&world).0, "Stable");
    only.signal(Signal::CONT);
    eventually("it runs again", || described(&world)[0]["note"] == Value::Null);
    assert_eq!(only.kill().stdout(), "");
}

/// Who waits on a terminal is told for what, and not that the topic is empty.
#[test]
fn a_member_without_a_share_says_so_on_a_terminal() {
    let world = world(1);
    let line = "--consumer-property session.timeout.ms=600000";
    let owner = member(&world, line);
    wait_for(&world, "Stable", 1);
    // It keeps what it has, whoever it is meant for.
    owner.signal(Signal::STOP);
    let words = format!("--topic /s:t --group g {line}");
    let mut terminal =
        Terminal::start(&world.command("console-consumer", words.split_whitespace()));
    terminal.wait_for(
        "console-consumer: nothing printed yet: every partition is read by another member of \
         group g; this one takes over when one is free\r\n",
    );
    terminal.press("\u{3}");
    terminal.wait_for("Processed a total of 0 messages\r\n");
    drop(owner.kill());
}
