//! Every command with and without each permission: what is allowed, and how a refusal reads.

use std::os::unix::fs::symlink;
use std::sync::Arc;
use std::time::Duration;

use streampath::access::{Action, Caller, MODES, Permission};
use streampath::catalog::StreamAttributes;
use streampath::fs::RealDisk;
use streampath::path::{StreamPath, TopicName};
use streampath::store::{Context, Home, TopicOptions};
use streampath::time::{FixedClock, TimestampMs};

use crate::world::{Ran, World, program_path, run_command};

use Permission::{Admin, Consume, Copy, Produce, Topic};

/// Who made the stream; nobody that runs a test.
fn maker() -> Caller {
    Caller::new("maker", 4_000_000)
}

/// Whoever runs the test, as an expression names them.
fn me() -> String {
    format!("u:{}", rustix::process::geteuid().as_raw())
}

fn home(world: &World) -> Home {
    let context = Context {
        clock: Arc::new(FixedClock(TimestampMs(1_700_000_000_000))),
        caller: maker(),
        accounts: Arc::default(),
        command: "a test".to_owned(),
        lock_wait: Duration::from_secs(60),
        allow_network: true,
    };
    Home::open(Arc::new(RealDisk), world.store(), context).unwrap()
}

/// A stream `/s` of the maker's with a topic `t`, in which I have these permissions.
pub(crate) fn stream_with(held: &[Permission]) -> World {
    let world = World::new();
    let mut attributes = StreamAttributes::created_by(&maker());
    for permission in held {
        let expression = match permission {
            Produce => &mut attributes.produce_perm,
            Consume => &mut attributes.consume_perm,
            Topic => &mut attributes.topic_perm,
            Copy => &mut attributes.copy_perm,
            Admin => &mut attributes.admin_perm,
        };
        expression.push('|');
        expression.push_str(&me());
    }
    let home = home(&world);
    let path = StreamPath::parse("/s").unwrap();
    home.create_stream(&path, &attributes).unwrap();
    let topic = TopicName::parse("t").unwrap();
    home.stream(&path).unwrap().create_topic(&topic, TopicOptions::default()).unwrap();
    world
}

/// A command, what is typed into it, and the permissions each of which is enough.
const MATRIX: &[(&str, &str, &[Permission])] = &[
    ("streamctl stream info -path /s", "", &[Consume, Produce, Topic, Admin]),
    ("streamctl stream topic list -path /s", "", &[Consume, Produce, Topic, Admin]),
    ("streamctl stream topic info -path /s -topic t", "", &[Consume, Produce, Topic, Admin]),
    ("streamctl stream topic describe -path /s -topic t", "", &[Consume, Produce, Topic, Admin]),
    ("streamctl stream topic create -path /s -topic new", "", &[Topic]),
    ("console-producer --topic /s:t", "x\n", &[Produce]),
    ("console-producer --topic /s:made", "x\n", &[Produce]),
    ("console-consumer --topic /s:t --from beginning --until end", "", &[Consume]),
    ("streamctl stream cursor list -path /s", "", &[Consume, Produce, Topic, Admin]),
    (
        "streamctl stream cursor set -path /s -consumergroup g -topic t -to end --dry-run",
        "",
        &[Consume, Admin],
    ),
    (
        "streamctl stream cursor set -path /s -consumergroup g -topic t -to end -noheader",
        "",
        &[Consume, Admin],
    ),
    ("streamctl stream cursor delete -path /s -consumergroup g", "", &[Consume, Admin]),
    ("streamctl group list -path /s", "", &[Consume, Produce, Topic, Admin]),
    ("streamctl group describe -path /s", "", &[Consume, Produce, Topic, Admin]),
    (
        "streamctl group reset-offsets -path /s -consumergroup g -topic t -to end --dry-run",
        "",
        &[Consume, Admin],
    ),
    (
        "streamctl group reset-offsets -path /s -consumergroup g -topic t -to end",
        "",
        &[Consume, Admin],
    ),
    (
        "streamctl group edit -path /s -consumergroup g -assignor sticky --dry-run",
        "",
        &[Consume, Admin],
    ),
    (
        "streamctl group edit -path /s -consumergroup g -offsetsretentionminutes 60",
        "",
        &[Consume, Admin],
    ),
    ("kafka-consumer-groups --list --group /s", "", &[Consume, Produce, Topic, Admin]),
    (
        "kafka-consumer-groups --reset-offsets --group /s:g --topic t --to-latest --execute",
        "",
        &[Consume, Admin],
    ),
    ("console-consumer --topic /s:^t.* --from beginning --until end", "", &[Consume]),
    ("console-consumer --include /s:t.* --last 1 --until end", "", &[Consume]),
    ("kafka-topics --list --topic /s:", "", &[Consume, Produce, Topic, Admin]),
    ("kafka-topics --describe --topic /s:t", "", &[Consume, Produce, Topic, Admin]),
    ("kafka-get-offsets --topic /s:t", "", &[Consume, Produce, Topic, Admin]),
    ("kafka-get-offsets --topic /s:t --time 0", "", &[Consume, Produce, Topic, Admin]),
    ("kafka-topics --create --topic /s:another", "", &[Topic]),
    ("kafka-topics --alter --topic /s:t --partitions 2", "", &[Topic]),
    ("kafka-topics --delete --topic /s:another", "", &[Topic]),
    ("streamctl stream topic delete -path /s -topic t", "", &[Topic]),
];

fn run(world: &World, line: &str, typed: &str) -> Ran {
    let mut words = line.split_whitespace();
    let program = words.next().unwrap();
    let mut command = world.command(program, words);
    // Whatever the environment claims.
    command.env("USER", "maker").env("LOGNAME", "maker").env("SUDO_UID", "4000000");
    run_command(command, typed)
}

#[test]
fn every_command_takes_its_permission_and_no_other_will_do() {
    let all = Permission::ALL;
    let mut sets: Vec<Vec<Permission>> = vec![Vec::new(), all.to_vec()];
    for one in all {
        sets.push(vec![one]);
        sets.push(all.into_iter().filter(|other| *other != one).collect());
    }
    for held in sets {
        let world = stream_with(&held);
        for (line, typed, enough) in MATRIX {
            let ran = run(&world, line, typed);
            if enough.iter().any(|permission| held.contains(permission)) {
                ran.ok();
                continue;
            }
            let stderr = ran.fails(5).stderr();
            let told: Vec<&str> = stderr.lines().collect();
            assert!(told[0].contains("stream `/s`: user "), "{held:?}: {line}: {stderr}");
            for permission in *enough {
                assert!(told[0].contains(permission.name()), "{held:?}: {line}: {stderr}");
            }
            assert!(told[0].ends_with("which user `maker` has"), "{held:?}: {line}: {stderr}");
            let grants =
                format!("hint: streamctl stream edit -path /s -{} 'u:maker | u:", enough[0]);
            assert!(told[1].starts_with(&grants), "{held:?}: {line}: {stderr}");
        }
        // Neither takes a permission of the stream.
        assert!(run(&world, "streamctl stream list -noheader", "").ok().stdout().contains("/s"));
        let plan = run(&world, "streamctl stream delete -path /s --dry-run -format csv", "").ok();
        assert!(plan.stdout().contains("delete stream,/s,,,\n"), "{}", plan.told());
        run(&world, "streamctl stream delete -path /s", "").ok();
    }
}

#[test]
fn a_stream_of_nobodys_says_so() {
    let world = World::new();
    let nobody =
        ["produce", "consume", "topic", "copy", "admin"].map(|word| format!("-{word}perm="));
    let words = ["stream", "create", "/s"].map(str::to_owned);
    world.run("streamctl", words.into_iter().chain(nobody), "").ok();
    let stderr = run(&world, "streamctl stream info /s", "").fails(5).stderr();
    assert!(stderr.contains("which nobody has"), "{stderr}");
    assert!(stderr.contains("hint: nobody can grant it: nobody has adminperm"), "{stderr}");
}

#[test]
fn permissions_are_shown_to_administrators_alone() {
    let names = |world: &World| -> Vec<String> {
        let text = run(world, "streamctl stream info -path /s -format jsonl", "").ok().stdout();
        let row: serde_json::Value = serde_json::from_str(&text).unwrap();
        row.as_object().unwrap().keys().cloned().collect()
    };
    let without = names(&stream_with(&[Consume, Produce, Topic, Copy]));
    assert!(!without.iter().any(|name| name.ends_with("perm")), "{without:?}");
    let mut with = names(&stream_with(&[Admin]));
    assert_eq!(with.len(), without.len() + 5);
    with.retain(|name| !name.ends_with("perm"));
    assert_eq!(with, without);

    let text = run(&stream_with(&[Consume]), "streamctl stream info -path /s", "").ok().stdout();
    let lines: Vec<usize> = text.lines().map(|line| line.split_whitespace().count()).collect();
    assert_eq!(lines, [13, 13], "{text}");
}

#[test]
fn the_line_under_a_stream_can_be_zipped_whatever_its_expressions() {
    let world = World::new();
    let me = me();
    for (name, given, shown) in [
        ("a", format!(" {me} | ( g:qa & ! u:bob ) "), format!("{me}|g:qa&!u:bob")),
        ("b", String::new(), "-".to_owned()),
    ] {
        let words = ["stream", "create", name, "-adminperm", &me, "-consumeperm", &given];
        let words =
            words.map(|word| if word == name { format!("/{name}") } else { word.to_owned() });
        world.run("streamctl", &words, "").ok();
        let text = run(&world, &format!("streamctl stream info /{name}"), "").ok().stdout();
        let lines: Vec<Vec<&str>> =
            text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0].len(), lines[1].len(), "{text}");
        let at = lines[0].iter().position(|field| *field == "consumeperm").unwrap();
        assert_eq!(lines[1][at], shown);
    }
}

#[test]
fn an_expression_that_is_none_is_refused_with_word_and_place() {
    let world = World::new();
    for (text, parts) in [
        ("alice", ["`alice` as character 1", "write `u:alice`"]),
        ("u:a || u:b", ["`||` as character 5", "write `|`"]),
        ("u:a | (g:b", ["`(` as character 7", "never closed"]),
        ("p | u:a", ["`p`", "must stand alone"]),
    ] {
        for permission in Permission::ALL {
            let option = format!("-{permission}");
            let words = ["stream", "create", "/s", &option, text];
            let stderr = world.run("streamctl", words, "").fails(2).stderr();
            for part in parts.into_iter().chain([option.as_str()]) {
                assert!(stderr.contains(part), "`{text}`: no `{part}` in {stderr}");
            }
        }
    }
    assert_eq!(run(&world, "streamctl stream list", "").ok().stdout(), "");
}

#[test]
fn a_refusal_under_the_old_name_is_error_13() {
    let world = stream_with(&[Consume]);
    let maprcli = world.dir().join("maprcli");
    symlink(program_path("streamctl"), &maprcli).unwrap();
    let words = ["stream", "topic", "delete", "-path", "/s", "-topic", "t"];
    let stderr = world.run(maprcli.to_str().unwrap(), words, "").fails(5).stderr();
    assert!(stderr.starts_with("ERROR (13) -  stream `/s`: user "), "{stderr}");
    let words = words.into_iter().chain(["-json"]);
    let ran = world.run(maprcli.to_str().unwrap(), words, "").ends(5);
    assert!(ran.stdout().contains("\t\t\t\"id\":13,\n"), "{}", ran.told());
}

/// The topic is there all the same: nothing was made or removed on the way to a refusal.
#[test]
fn a_refusal_changes_nothing() {
    let world = stream_with(&[]);
    for (line, typed, _) in MATRIX {
        run(&world, line, typed).fails(5);
    }
    let stream = home(&world).stream(&StreamPath::parse("/s").unwrap()).unwrap();
    let topics = stream.topics().unwrap();
    assert_eq!(topics.len(), 1);
    assert_eq!((topics[0].name.as_str(), topics[0].physical_bytes), ("t", 0));
}

/// Returns a page's text with the cells of its tables on one line each.
fn page(file: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.replace("T{\n", "").replace("\nT}", "")
}

#[test]
fn the_tables_of_the_pages_are_those_of_the_code() {
    let matrix = page("man/streams.7");
    for action in [
        Action::StreamCreate,
        Action::StreamEdit,
        Action::StreamInfo,
        Action::StreamInfoPermissions,
        Action::StreamList,
        Action::StreamDelete,
        Action::StreamPurge,
        Action::TopicCreate,
        Action::TopicAutocreate,
        Action::TopicEdit,
        Action::TopicDelete,
        Action::TopicList,
        Action::TopicInfo,
        Action::CursorList,
        Action::CursorDelete,
        Action::AssignList,
        Action::Produce,
        Action::Consume,
        Action::CopyFrom,
    ] {
        let row = format!("\n{}|{}\n", action.phrase(), action.requirement());
        assert!(matrix.contains(&row), "streams.7 has no row {row}");
    }
    let modes = page("man/stream-store.5");
    for row in MODES {
        let row = format!("\n{:04o}|{:04o}|{}\n", row.dir, row.file, row.when);
        assert!(modes.contains(&row), "stream-store.5 has no row {row}");
    }
}
