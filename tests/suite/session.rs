//! The tutorial's session, byte for byte as printed, under the old names and under ours.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::world::{Running, World, run_command};

/// What `topic list` prints in the tutorial.
const LISTED: &str = "\
partitions  maxlag  logicalsize  topic          consumers  physicalsize
3           0       0            fast-messages  0          0
";

/// Makes the links in a folder of the world and returns it.
fn linked(world: &World) -> PathBuf {
    let folder = world.dir().join("bin");
    let words = ["links", folder.to_str().unwrap()];
    assert_eq!(world.run("streamctl", words, "").ok().stdout(), "");
    folder
}

/// Returns a shell that runs `script` with the links on its path, standing in their folder.
fn shell(world: &World, folder: &PathBuf, script: &str) -> Command {
    let mut command = world.command("/bin/sh", ["-c", script]);
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.display())).current_dir(folder);
    command
}

#[test]
fn the_tutorial_runs_as_printed() {
    let world = World::new();
    let bin = linked(&world);
    let run = |script: &str, stdin: &str| run_command(shell(&world, &bin, script), stdin).ok();
    assert_eq!(run("maprcli stream create -path /sample-stream", "").stdout(), "");
    let create =
        "maprcli stream topic create -path /sample-stream  -topic fast-messages --partitions 3";
    assert_eq!(run(create, "").stdout(), "");
    assert_eq!(run("maprcli stream topic list -path /sample-stream", "").stdout(), LISTED);

    let consume = "exec ./kafka-console-consumer.sh --bootstrap-server 127.0.0.1:9092 \
                   --topic /sample-stream:fast-messages";
    let consumer = Running::start(shell(&world, &bin, consume));
    let produce = "exec ./kafka-console-producer.sh --broker-list 127.0.0.1:9092 \
                   --topic /sample-stream:fast-messages";
    let mut producer = Running::start(shell(&world, &bin, produce));
    // The consumer starts at the end, wherever that is when it has started: feed it until it sees.
    let mut typed = 0;
    while consumer.stdout_so_far().is_empty() {
        producer.feed(format!("message {typed}\n"));
        typed += 1;
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(typed < 2000, "the consumer sees nothing");
    }
    producer.feed("and the last\n");
    consumer.wait_for_line(|line| line == "and the last");
    let wrote = producer.wait().ok();
    assert_eq!(wrote.stdout(), "", "no prompt where nobody types");
    drop(consumer.kill());

    let all = format!("{consume} --from-beginning --max-messages {}", typed + 1);
    let mut lines: Vec<String> = run(&all, "").stdout().lines().map(str::to_owned).collect();
    lines.sort();
    let mut expected: Vec<String> = (0..typed).map(|number| format!("message {number}")).collect();
    expected.push("and the last".to_owned());
    expected.sort();
    assert_eq!(lines, expected);
}

#[test]
fn the_same_with_our_own_names() {
    let world = World::new();
    let run = |program: &str, line: &str, stdin: &str| {
        world.run(program, line.split_whitespace(), stdin).ok().stdout()
    };
    assert_eq!(run("streamctl", "stream create -path /sample-stream", ""), "");
    let create = "stream topic create -path /sample-stream  -topic fast-messages --partitions 3";
    assert_eq!(run("streamctl", create, ""), "");
    assert_eq!(run("streamctl", "topic list /sample-stream", ""), LISTED);
    let produce = "--broker-list 127.0.0.1:9092 --topic /sample-stream:fast-messages";
    assert_eq!(run("console-producer", produce, "a\n\nb"), "");
    let consume = "--bootstrap-server 127.0.0.1:9092 --topic /sample-stream:fast-messages \
                   --from beginning --until end";
    let read = run("console-consumer", consume, "");
    let mut lines: Vec<&str> = read.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["", "a", "b"]);
}

#[test]
fn every_name_is_linked_and_answers() {
    let world = World::new();
    let bin = linked(&world);
    let mut names: Vec<String> = fs::read_dir(&bin)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "console-consumer",
        "console-producer",
        "kafka-console-consumer",
        "kafka-console-consumer.bat",
        "kafka-console-consumer.sh",
        "kafka-console-producer",
        "kafka-console-producer.bat",
        "kafka-console-producer.sh",
        "kafka-consumer-groups",
        "kafka-consumer-groups.bat",
        "kafka-consumer-groups.sh",
        "kafka-get-offsets",
        "kafka-get-offsets.bat",
        "kafka-get-offsets.sh",
        "kafka-topics",
        "kafka-topics.bat",
        "kafka-topics.sh",
        "maprcli",
        "streamctl",
    ];
    assert_eq!(names, expected);
    for name in names {
        let program = bin.join(&name);
        let ran = world.run(program.to_str().unwrap(), ["--version"], "").ok();
        assert!(ran.stdout().ends_with(" 0.1.0\n"), "{name}: {}", ran.stdout());
        let ran = world.run(program.to_str().unwrap(), ["--help"], "").ok();
        assert!(ran.stdout().contains("Usage: "), "{name}");
    }
}

#[test]
fn links_are_made_again_but_nothing_foreign_is_touched() {
    let world = World::new();
    let bin = linked(&world);
    drop(world.run("streamctl", ["links", bin.to_str().unwrap()], "").ok());
    fs::remove_file(bin.join("maprcli")).unwrap();
    fs::remove_file(bin.join("kafka-console-producer")).unwrap();
    fs::write(bin.join("kafka-console-producer"), "mine").unwrap();
    let ran = world.run("streamctl", ["links", "bin"], "").fails(4);
    assert!(ran.stderr().contains("`bin/kafka-console-producer` exists"), "{}", ran.stderr());
    assert_eq!(fs::read(bin.join("kafka-console-producer")).unwrap(), b"mine");
    assert!(!bin.join("maprcli").exists(), "all links or none");
}

/// With the clock and the seed fixed, two stores hold the same records at the same places.
#[test]
fn a_demo_prints_the_same_each_time() {
    let printed = |seed: &str| {
        let world = World::new();
        let run = |program: &str, line: &str, stdin: &str| {
            let mut command = world.command(program, line.split_whitespace());
            command.env("STREAMPATH_NOW", "@1700000000").env("STREAMPATH_SEED", seed);
            run_command(command, stdin).ok().stdout()
        };
        run("streamctl", "stream create /s -defaultpartitions 64", "");
        run("console-producer", "--topic /s:t", "one\ntwo\n");
        let all = "--topic /s:t --from beginning --until end --property print.timestamp=true \
                   --property print.partition=true --property print.offset=true";
        run("console-consumer", all, "")
    };
    let first = printed("1");
    assert!(first.starts_with("CreateTime:1700000000000\tPartition:"), "{first}");
    assert_eq!(first, printed("1"));
    assert!((2..9).any(|seed| printed(&seed.to_string()) != first), "the seed is not used");
}

/// A plain name at a loopback address needs no stream to be created.
#[test]
fn plain_names_work_as_with_a_broker_on_this_machine() {
    let world = World::new();
    let run = |program: &str, line: &str, stdin: &str| {
        world.run(program, line.split_whitespace(), stdin).ok().stdout()
    };
    run("console-producer", "--bootstrap-server localhost:9092 --topic quickstart", "hello\n");
    let line = "--bootstrap-server localhost:9092 --topic quickstart --from-beginning \
                --max-messages 1";
    assert_eq!(run("console-consumer", line, ""), "hello\n");
    assert_eq!(run("console-consumer", "/kafka:quickstart --from 0 --until end", ""), "hello\n");
}
